// What a running daemon tells of itself: its counters and its identity.

import EventServer
import Events
import Foundation
import JSON
import SceneFixtures
import Testing

@Suite("Metrics") struct MetricsTests {
    /// The text that the command "metrics" gives.
    static func metrics(_ daemon: RunningDaemon) throws -> String {
        try #require(try reply(daemon, "metrics").first?.value.text)
    }

    private static func reply(_ daemon: RunningDaemon, _ command: String) throws -> [JSONValue.Member] {
        let client = try daemon.connect()
        try client.send(command)
        let event = try daemon.read(client) { $0.kind == .reply }.last?.event.body
        guard case .reply(let reply) = event, case .done(let members) = reply.outcome else { return [] }
        return members
    }

    @Test(
        "A daemon that records gives the metrics that its documents name and no others, and says what the recording does"
    )
    func documented() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(RecordingTests.tone + sessions.table(), scene: scene)
        _ = try RecordingTests.wait(for: daemon) { $0["state"]?.text == "recording" }
        let text = try Self.metrics(daemon)
        let given = Set(text.matches(of: #/(?m)^# TYPE (timbred_\w+) /#).map { String($0.output.1) })
        let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs")
            .standardizedFileURL
        var named: Set<String> = []
        for page in try FileManager.default.contentsOfDirectory(atPath: docs.path) where page.hasSuffix(".md") {
            let words = try String(contentsOf: docs.appending(path: page), encoding: .utf8)
            named.formUnion(words.matches(of: /\b(timbred_[a-z_]*[a-z])\b/).map { String($0.output.1) })
        }
        // Those of a bridge are its own.
        named = named.filter { !$0.hasPrefix("timbred_bridge_") }
        #expect(named == given, "only named: \(named.subtracting(given)); only given: \(given.subtracting(named))")
        for line in [
            #"timbred_recording_state{source="main",state="recording"} 1"#,
            #"timbred_recording_state{source="main",state="failed"} 0"#,
            #"timbred_recording_sessions_total{source="main"} 1"#,
            "timbred_lines_skipped_total 0", "timbred_descriptor_faults_total 0",
        ] {
            #expect(text.contains("\n\(line)\n"), "\(line) is not in:\n\(text)")
        }
        let free = try #require(
            text.firstMatch(of: /\ntimbred_recording_free_bytes (\d+)\n/).flatMap { Int($0.output.1) })
        #expect(free > 0)
        #expect(daemon.end() != nil)
    }

    @Test("hello, status, metrics, session.json and --version tell the same build, and another program has another one")
    func identity() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(RecordingTests.tone + sessions.table(), scene: scene)
        _ = try RecordingTests.wait(for: daemon) { $0["state"]?.text == "recording" }
        let client = try daemon.connect()
        let greeting = try daemon.read(client) { $0.kind == .hello }.last?.event.body
        guard case .hello(let hello) = greeting else {
            Issue.record("no hello")
            return
        }
        let build = hello.build
        let parts = try #require(build.wholeMatch(of: /([\w.-]+), code ([0-9a-f]{12})/))
        #expect(try Self.reply(daemon, "status").first?.value["build"]?.text == build)
        #expect(
            try Self.metrics(daemon).contains(
                "revision=\"\(parts.output.1)\",code=\"\(parts.output.2)"))
        #expect(daemon.end() != nil)
        #expect(try sessions.read().first?.manifest.build == build)
        #expect(try Self.version("timbred") == "\(hello.software) (\(build))")
        // The code of the tool is other code.
        let other = try #require(try Self.version("timbre").firstMatch(of: /code ([0-9a-f]{12})\)/))
        #expect(other.output.1 != parts.output.2)
    }

    /// What a program says of itself.
    private static func version(_ name: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = RunningDaemon.program(name)
        process.arguments = ["--version"]
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
