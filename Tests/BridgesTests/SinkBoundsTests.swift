// Every option of every sink that is a number, at both ends of its range and beyond.

import Events
import Foundation
import Testing

@testable import Bridges

@Suite struct SinkBoundsTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "bounds-\(UUID().uuidString.prefix(8))")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// An address of a sink that needs nobody at its other end; nil where one must be there.
    private func address(_ scheme: String) -> String? {
        switch scheme {
        case "osc", "artnet": "\(scheme):127.0.0.1:\(Peer.freePort(Int32(SOCK_DGRAM.rawValue)))"
        case "sacn": "sacn:1,host=127.0.0.1"
        case "jsonl": "jsonl:\(folder.path)/log"
        case "tcp", "web": "\(scheme):127.0.0.1:\(Peer.freePort())"
        case "command": "command:/bin/true"
        default: nil
        }
    }

    @Test("Events pass at both ends of the range of every number, and what lies beyond is refused")
    func bounds() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var tried: Set<String> = []
        for type in SinkTable.all {
            guard let address = address(type.scheme) else {
                #expect(["midi", "mqtt", "mqtts"].contains(type.scheme), "give \(type.scheme) an address in this test")
                continue
            }
            for option in type.options + SinkFilter.options {
                let (inside, beyond) = values(option.kind)
                for value in inside {
                    tried.insert("\(type.scheme) \(option.name)")
                    let sink = try SinkSettings("\(address),\(option.name)=\(value)").make(.none)
                    try sink.open()
                    for second in [0.0, 1, 1e9] {
                        let events = [
                            Event(.hello(FakeDaemon.hello)), Say.on("violin", "strings"), Say.levels(at: second),
                            Say.off("violin", "strings", at: second),
                        ]
                        try sink.send(events.map { SinkEvent($0) })
                        try sink.turn()
                    }
                    sink.close()
                }
                for value in beyond {
                    #expect(throws: SinkProblem.self, "\(type.scheme) \(option.name)=\(value)") {
                        try SinkSettings("\(address),\(option.name)=\(value)")
                    }
                }
            }
        }
        for name in [
            "osc refresh", "artnet attack", "sacn priority", "jsonl max_bytes", "command per_second", "tcp clients",
        ] {
            #expect(tried.contains(name), "\(name) was not tried: \(tried.sorted())")
        }
    }

    /// The ends of a range, and what lies just beyond it or is no number of it.
    private func values(_ kind: SinkOption.Kind) -> (inside: [String], beyond: [String]) {
        switch kind {
        case .integer(let range):
            (
                ["\(range.lowerBound)", "\(range.upperBound)"],
                ["\(range.lowerBound - 1)", "\(range.upperBound + 1)", "1.5", "9223372036854775808", "nan"]
            )
        case .number(let range):
            (
                ["\(range.lowerBound)", "\(range.upperBound)"],
                ["\(range.lowerBound.nextDown)", "\(range.upperBound.nextUp)", "1e400", "-inf", "nan"]
            )
        default: ([], [])
        }
    }
}
