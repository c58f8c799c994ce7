// The daemon as a person runs it: a process, a configuration file, a socket and signals.

import EventServer
import Events
import Foundation
import SceneFixtures
import TestSupport
import Testing

@Suite("Daemon", .serialized)
struct DaemonTests {
    /// A4 lights the class that listens to the bin at 440 Hz.
    static let tone = "[[stream]]\nname = \"main\"\nsource = \"tone:440\"\n"

    static func isOn(_ event: Event) -> Bool { event.kind == .on }

    @Test("Hello, a snapshot, then events that are numbered without a hole")
    func events() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        let events = try daemon.read(client, until: Self.isOn)
        #expect(events.prefix(2).map(\.event.kind) == [.hello, .snapshot])
        #expect(events.last?.event.kind == .on || !events.isEmpty)
        let sequence = events.map(\.sequence)
        #expect(zip(sequence, sequence.dropFirst()).allSatisfy { $1 == $0 + 1 })
        guard case .hello(let hello) = events.first?.event.body else { return }
        #expect(hello.rate == 44_100)
        #expect(hello.hop == 512)
        #expect(hello.instruments.count == 24)
        #expect(hello.model?.sha256.count == 64)
    }

    @Test(
        "Every line that a client gets is valid by the schema",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)))
    func schema() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        for command in ["status", "metrics", "nonsense"] { try client.send(command) }
        try client.send("mark", [.init("text", .string("a \"quoted\" mark"))])
        var lines: [UInt8] = []
        var isTold = false
        while case .line(let line) = try client.readLine(timeoutMilliseconds: 3000) {
            lines += Array(line.utf8) + [0x0A]
            if !isTold, line.contains("\"type\":\"on\"") {
                isTold = true
                kill(daemon.process.processIdentifier, SIGTERM)
            }
        }
        #expect(isTold)
        let result = try EventLineValidator.validate(lines)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test("Tags of the last seconds come from the model that the configuration names, to those who ask for them")
    func tags() throws {
        let scene = try Scene()
        let daemon = try RunningDaemon(
            Self.tone + "[tags]\nmodel = \"\(scene.clipModel)\"\nwindow = 1.92\n", scene: scene)
        let client = try daemon.connect()
        try client.send("subscribe", [.init("types", .array([.string("tags")]))])
        let events = try daemon.read(client, patience: 60_000) { event in
            guard case .tags(let tags) = event.body else { return false }
            return tags.start > 0
        }.map(\.event)
        guard case .hello(let hello) = events.first?.body, case .tags(let last) = events.last?.body else {
            Issue.record("no hello or no tags: \(events)")
            return
        }
        #expect(hello.tagModel?.name == "random clip model")
        #expect(abs(last.end - last.start - 1.935) < 1e-3)
        #expect(last.tags.map(\.instrument) == ["cello", "horn", "voice"])
    }

    @Test("Promise 3: the socket answers while the device is missing")
    func answersWithoutDevice() throws {
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"alsa:no_such_card\"\n", scene: Scene())
        let client = try daemon.connect()
        try client.send("status")
        let events = try daemon.read(client) { $0.kind == .reply }
        guard case .reply(let reply) = events.last?.event.body, case .done(let members) = reply.outcome else {
            Issue.record("no reply to status")
            return
        }
        let text = "\(members)"
        #expect(text.contains("waiting"))
        #expect(text.contains("no_such_card"))
        let health = try daemon.connect()
        let snapshot = try daemon.read(health) { $0.kind == .snapshot }
        guard case .snapshot(let state) = snapshot.last?.event.body else { return }
        #expect(state.health.first?.state == .waiting)
    }

    @Test("Promise 8: SIGTERM ends within two seconds, with off-events sent and a reason")
    func terminates() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        let before = try daemon.read(client) { event in
            if case .snapshot(let snapshot) = event.body { return !snapshot.active.isEmpty }
            return event.kind == .on
        }
        #expect(before.contains { $0.event.kind == .on || $0.event.kind == .snapshot })
        let seconds = try #require(daemon.end())
        #expect(seconds < 2)
        #expect(daemon.process.terminationStatus == 0)
        let after = try daemon.read(client) { _ in false }
        #expect(after.contains { $0.event.kind == .off })
        #expect(after.last?.event.kind == .closing)
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }

    @Test("Promise 8: SIGHUP with a bad configuration changes nothing; with a good one it applies")
    func reloads() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        _ = try daemon.read(client, until: Self.isOn)
        func reload(_ text: String) throws {
            try RunningDaemon.settings(text, socket: daemon.socket, model: daemon.scene.model).write(
                to: daemon.configuration, atomically: true, encoding: .utf8)
            kill(daemon.process.processIdentifier, SIGHUP)
        }
        try reload(Self.tone + "[events]\ngate_dbfs = loud\n")
        usleep(300_000)
        #expect(daemon.process.isRunning)
        #expect(daemon.log.contains("nothing was changed"))
        #expect(daemon.log.contains("timbred.conf:"))
        // A gate above the tone puts everything off.
        try reload(Self.tone + "[events]\ngate_dbfs = 0\n")
        let events = try daemon.read(client) { $0.kind == .off }
        #expect(events.last?.event.kind == .off)
    }

    @Test("Promise 7: a wrong configuration or model is refused with its name and a sysexits status")
    func refuses() throws {
        let scene = try Scene()
        let bad = try RunningDaemon("[socet]\n", scene: scene, waits: false)
        bad.process.waitUntilExit()
        #expect(bad.process.terminationStatus == 78)
        #expect(bad.log.contains("timbred.conf:7"))
        let model = scene.folder.appendingPathComponent("short.safetensors")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: scene.model))
        try bytes.prefix(bytes.count - 100).write(to: model)
        let truncated = try RunningDaemon(Self.tone, scene: scene, model: model.path, waits: false)
        truncated.process.waitUntilExit()
        #expect(truncated.process.terminationStatus == 65)
        #expect(truncated.log.contains("short.safetensors"))
    }

    @Test("A second daemon on the same socket is refused")
    func second() throws {
        let scene = try Scene()
        let first = try RunningDaemon(Self.tone, scene: scene)
        let second = try RunningDaemon(Self.tone, scene: scene, waits: false)
        second.process.waitUntilExit()
        #expect(second.process.terminationStatus == 69)
        #expect(second.log.contains("another timbred"))
        #expect(first.process.isRunning)
    }

    @Test("A mark goes to everybody, and the metrics count")
    func commands() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        _ = try daemon.read(client, until: Self.isOn)
        try client.send("mark", [.init("text", .string("solo begins"))])
        let marked = try daemon.read(client) { $0.kind == .mark }
        #expect(marked.last?.event.body == .mark(text: "solo begins"))
        try client.send("metrics")
        let events = try daemon.read(client) { event in
            if case .reply(let reply) = event.body { return reply.command == "metrics" }
            return false
        }
        let metrics = String(describing: events.last?.event.body)
        #expect(metrics.contains("timbred_source_frames_total"))
    }

    @Test("Promise 2: under 1 % of a core while waiting for a device")
    func idle() throws {
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"alsa:no_such_card\"\n", scene: Scene())
        usleep(500_000)
        let tasks = URL(fileURLWithPath: "/proc/\(daemon.process.processIdentifier)/task")
        func cpuSeconds() throws -> Double {
            try FileManager.default.contentsOfDirectory(atPath: tasks.path).reduce(0) { sum, task in
                let line = try String(contentsOf: tasks.appendingPathComponent("\(task)/schedstat"), encoding: .utf8)
                return sum + (Double(line.split(separator: " ").first ?? "0") ?? 0) * 1e-9
            }
        }
        let before = try cpuSeconds()
        usleep(3_000_000)
        #expect(try cpuSeconds() - before < 0.03)
    }
}
