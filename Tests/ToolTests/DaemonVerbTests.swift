// The verbs that speak to a daemon, with a real one.

import Events
import Foundation
import JSON
import SceneFixtures
import Testing

@Suite(.serialized) struct DaemonVerbTests {
    private let daemon: RunningDaemon
    private let environment: [String: String]

    /// A daemon that hears a tone at A4, and is known to.
    init() throws {
        daemon = try RunningDaemon("[[stream]]\nsource = tone:440\n", scene: Scene())
        environment = ["TIMBRE_SOCKET": daemon.socket]
        _ = try daemon.read(daemon.connect(), until: RunningDaemon.isLit)
    }

    @Test("status tells state and load, as text, as JSON and as metrics")
    func status() throws {
        let text = try timbre("status", environment: environment)
        #expect(text.status == 0)
        #expect(text.text.contains("running") && text.text.contains("analysis_load"))
        let json = try JSONParser.parse(try timbre("status", "--json", environment: environment).text)
        #expect(json["model"]?.text == "pitch")
        let source = try #require(json["sources"]?.elements?.first)
        #expect(source["state"]?.text == "running")
        // A tone as loud as this one is no floor.
        #expect(source["noise_floor_dbfs"]?["main"] == .null)
        let metrics = try timbre("status", "--metrics", environment: environment).text
        #expect(
            metrics.contains("\n# TYPE timbred_") && metrics.contains("timbred_stream_gate_open{stream=\"main\"} 1.0\n")
        )
    }

    @Test("watch --once shows a row per instrument and the state of the source")
    func watch() throws {
        let result = try timbre("watch", "--once", environment: environment)
        #expect(result.status == 0)
        #expect(result.text.contains("tone:440") && result.text.contains("\n running · "))
        #expect(result.text.split(separator: "\n").count { $0.contains("0.") || $0.contains("1.") } >= 24)
        let other = try timbre("watch", "--once", "--stream", "other", environment: environment)
        #expect(other.status == 64 && other.text == "timbre: unknown stream 'other'; the streams are main\n")
    }

    @Test("listen passes on what was asked for, until the daemon closes")
    func listen() throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = RunningDaemon.program("timbre")
        process.arguments = ["listen", "--socket", daemon.socket, "--type", "mark,health"]
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        // The snapshot is the proof that the filter is in force.
        var text = ""
        while !text.contains("snapshot") {
            text += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        }
        #expect(try timbre("mark", "second movement", environment: environment).status == 0)
        while !text.contains("second movement") {
            text += String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self)
        }
        #expect(daemon.end() != nil)
        text += String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let kinds = try text.split(separator: "\n").map { try NumberedEvent(line: String($0)).event.kind }
        #expect(kinds.first == .hello && kinds.last == .closing)
        #expect(Set(kinds).isSubset(of: [.hello, .snapshot, .mark, .health, .closing]))
        #expect(process.terminationStatus == 69)
    }

    @Test("A wish that the daemon refuses is passed on as a sentence")
    func refusal() throws {
        let result = try timbre("listen", "--instrument", "kazoo", environment: environment)
        #expect(result.status == 64)
        #expect(result.text.contains("refused subscribe") && result.text.contains("kazoo"))
        #expect(try timbre("mark", "x", "--stream", "none", environment: environment).status == 64)
    }
}
