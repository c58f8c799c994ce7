// `timbre bridge` as a person runs it, beside a real daemon.

import Events
import Foundation
import SceneFixtures
import Testing

@Suite(.serialized) struct BridgeVerbTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "bridge-\(UUID().uuidString.prefix(8))")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    @Test("What cannot be obeyed is refused with the status of its kind")
    func refusals() throws {
        let wrong = folder.appending(path: "wrong.conf").path
        try "[[output]]\nsink = web:8080\nrate = x\n".write(toFile: wrong, atomically: true, encoding: .utf8)
        for (arguments, status, words) in [
            (["bridge"], 64, "SINK is missing"), (["bridge", "oscc:127.0.0.1:1"], 64, "did you mean osc?"),
            (["bridge", "--config", wrong], 78, "wrong.conf:3: rate is"),
            (["bridge", "--config", "/nonexistent"], 66, "No such file"),
            (["bridge", "--status", "--status-socket", "\(folder.path)/none"], 69, "no bridge is running"),
        ] as [([String], Int32, String)] {
            let result = try run(RunningDaemon.program("timbre").path, arguments)
            #expect(result.status == status && result.text.contains(words), "\(arguments): \(result.text)")
        }
        let right = try timbre("bridge", "--check", "--config", packageRoot.appending(path: "configs/bridge.conf").path)
        #expect(right.status == 0 && right.text == "web:8080\nosc:127.0.0.1:7700\n")
    }

    @Test("Promise 16: when the daemon is killed, what it had lit is put out, and when it is back, told anew")
    func killed() throws {
        let log = folder.appending(path: "log").path
        func events() throws -> [Event] {
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            // The last line may still be on its way.
            guard let end = text.lastIndex(of: "\n") else { return [] }
            return try text[..<end].split(separator: "\n").map { try NumberedEvent(line: String($0)).event }
        }
        func wait(_ isTrue: () throws -> Bool) throws {
            let end = Date() + 60
            while try !isTrue() {
                guard Date() < end else {
                    Issue.record("it did not become true within a minute")
                    return
                }
                usleep(5_000)
            }
        }
        let scene = try Scene()
        let settings = "[[stream]]\nsource = tone:440\n"
        let daemon = try RunningDaemon(settings, scene: scene)
        let bridge = Process()
        bridge.executableURL = RunningDaemon.program("timbre")
        bridge.arguments = ["bridge", "--socket", daemon.socket, "jsonl:\(log),types=on+off"]
        bridge.standardError = FileHandle.nullDevice
        try bridge.run()
        defer { if bridge.isRunning { kill(bridge.processIdentifier, SIGKILL) } }
        try wait { try events().contains { $0.kind == .on } }
        #expect(daemon.end(SIGKILL) != nil)
        try wait {
            let events = try events()
            return events.contains { $0.kind == .off }
                && events.count { $0.kind == .on } == events.count { $0.kind == .off }
        }
        let before = try events()
        let second = try RunningDaemon(settings, scene: scene)
        try wait { try events().dropFirst(before.count).contains { $0.kind == .on } }
        kill(bridge.processIdentifier, SIGTERM)
        bridge.waitUntilExit()
        #expect(bridge.terminationStatus == 0)
        let all = try events()
        #expect(all.count { $0.kind == .on } == all.count { $0.kind == .off })
        withExtendedLifetime(second) {}
    }
}
