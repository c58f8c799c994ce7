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

    @Test("Hello, a snapshot, then events that are numbered without a hole")
    func events() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        let events = try daemon.read(client) { ($0.position?.time.seconds ?? 0) > 1 }
        #expect(events.prefix(2).map(\.event.kind) == [.hello, .snapshot] && events.count > 2)
        #expect(events.contains { RunningDaemon.isLit($0.event) })
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
        var isLit = false
        var replies = 0
        while case .line(let line) = try client.readLine(timeoutMilliseconds: 60_000) {
            lines += Array(line.utf8) + [0x0A]
            let event = try NumberedEvent(line: line).event
            if event.kind == .reply { replies += 1 }
            if RunningDaemon.isLit(event) { isLit = true }
            // It puts out what is on when it ends.
            if isLit, replies == 4 { kill(daemon.process.processIdentifier, SIGTERM) }
        }
        #expect(isLit && replies == 4)
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
        let events = try daemon.read(client, timeout: 60_000) { event in
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
        var text = ""
        // It answers while it tries the device for the first time, too.
        let end = Date() + 60
        while !text.contains("waiting"), Date() < end {
            try client.send("status")
            let events = try daemon.read(client) { $0.kind == .reply }
            guard case .reply(let reply) = events.last?.event.body, case .done(let members) = reply.outcome else {
                Issue.record("no reply to status")
                return
            }
            text = "\(members)"
            usleep(10_000)
        }
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
        let before = try daemon.read(client, until: RunningDaemon.isLit)
        #expect(before.contains { RunningDaemon.isLit($0.event) })
        let seconds = try #require(daemon.end())
        #expect(seconds < 2)
        #expect(daemon.process.terminationStatus == 0)
        let after = try daemon.read(client) { _ in false }
        #expect(after.contains { $0.event.kind == .off })
        #expect(after.last?.event.kind == .closing)
        #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }

    @Test("Promise 13: a reader of standard output that stopped reading delays neither clients nor the end")
    func stuckOutput() throws {
        let pipe = Pipe()
        let daemon = try RunningDaemon(
            Self.tone + "[events]\nactivity_rate = 1000\n", scene: Scene(), arguments: ["--stdout"], output: pipe)
        let client = try daemon.connect()
        try client.send("subscribe", [.init("types", .array([.string("activity")])), .init("rate", .number(1000))])
        // The pipe holds 64 KiB, which is about a second of these lines.
        let events = try daemon.read(client) { ($0.position?.time.seconds ?? 0) >= 4 }
        #expect(events.last?.event.position?.time.seconds ?? 0 >= 4)
        try client.send("status")
        #expect(try daemon.read(client) { $0.kind == .reply }.last?.event.kind == .reply)
        #expect(try #require(daemon.end()) < 2)
        #expect(daemon.process.terminationStatus == 0)
        // What was written before the reader stopped is whole lines, in order.
        try pipe.fileHandleForWriting.close()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let lines = try text.split(separator: "\n").dropLast().map { try NumberedEvent(line: String($0)) }
        #expect(lines.map(\.sequence) == Array(1...Int64(lines.count)))
        #expect(lines.prefix(2).map(\.event.kind) == [.hello, .snapshot])
    }

    @Test("Promise 8: SIGTERM ends within two seconds though sixteen sources hang in their drivers")
    func hungSources() throws {
        let scene = try Scene()
        // ALSA's own file plugin opens a FIFO that nobody writes to, and waits.
        let fifo = scene.folder.path + "/never"
        #expect(mkfifo(fifo, 0o600) == 0)
        let alsa = scene.folder.path + "/asound.conf"
        try
            "pcm.null { type null }\npcm.hung { type file file /dev/null infile \"\(fifo)\" slave.pcm null format raw }\n"
            .write(toFile: alsa, atomically: true, encoding: .utf8)
        let streams = (1...16).map { "[[stream]]\nname = \"s\($0)\"\nsource = \"alsa:hung\"\n" }.joined()
        let daemon = try RunningDaemon(streams, scene: scene, environment: ["ALSA_CONFIG_PATH": alsa])
        let client = try daemon.connect()
        _ = try daemon.read(client) { $0.kind == .snapshot }
        // Each capture thread waits in the kernel for the other end of the FIFO; a busy machine may take a while to come there.
        let tasks = "/proc/\(daemon.process.processIdentifier)/task"
        // Not every container lets a parent see in what call a thread is.
        let seesCalls = (try? String(contentsOfFile: "/proc/self/syscall", encoding: .utf8)) != nil
        #if arch(x86_64)
            let openat = "257 "
        #else
            let openat = "56 "
        #endif
        func hung() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: tasks).count { task in
                func fact(_ name: String) -> String {
                    (try? String(contentsOfFile: "\(tasks)/\(task)/\(name)", encoding: .utf8)) ?? ""
                }
                return fact("comm").hasPrefix("capture") && (!seesCalls || fact("syscall").hasPrefix(openat))
            }
        }
        let end = Date() + 60
        while try hung() < 16, Date() < end { usleep(10_000) }
        #expect(try hung() == 16)
        #expect(try #require(daemon.end()) < 2)
        #expect(daemon.process.terminationStatus == 0)
    }

    @Test(
        "A daemon whose only source is a file that is not there says so as an error and ends; with another it goes on")
    func missingFile() throws {
        let alone = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"file:/nowhere/x.wav\"\n", scene: Scene(), waits: false)
        alone.process.waitUntilExit()
        #expect(alone.process.terminationStatus == 66)
        #expect(alone.log.contains("/nowhere/x.wav") && alone.log.contains("no source can be used"))
        let both = try RunningDaemon(
            "[[stream]]\nname = \"gone\"\nsource = \"file:/nowhere/x.wav\"\n" + Self.tone, scene: Scene())
        let client = try both.connect()
        _ = try both.read(client, until: RunningDaemon.isLit)
        #expect(both.process.isRunning)
        try client.send("metrics")
        let reply = try both.read(client) { $0.kind == .reply }.last?.event.body
        guard case .reply(let answer) = reply, case .done(let members) = answer.outcome,
            let metrics = members.first?.value.text
        else {
            Issue.record("no metrics")
            return
        }
        for line in [
            "timbred_source_state{source=\"gone\",state=\"failed\"} 1",
            "timbred_source_state{source=\"main\",state=\"running\"} 1",
            "timbred_stream_silent{stream=\"main\"} 0",
            "timbred_clients_behind 0", "# TYPE timbred_stream_rms_dbfs gauge",
        ] {
            #expect(metrics.contains("\n" + line + "\n"), "\(line) is not in:\n\(metrics)")
        }
        // How many a busy machine loses is its own affair.
        #expect(metrics.contains("\ntimbred_source_lost_frames_total{source=\"main\",cause=\"overload\"} "))
    }

    @Test("A FIFO in the place of a file is said to be no file; others are heard, and SIGTERM is seen")
    func pipe() throws {
        let scene = try Scene()
        let pipe = scene.folder.path + "/pipe.wav"
        #expect(mkfifo(pipe, 0o600) == 0)
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"pipe\"\nsource = \"file:\(pipe)\"\n" + Self.tone, scene: scene)
        _ = try daemon.read(try daemon.connect(), until: RunningDaemon.isLit)
        let end = Date() + 60
        while !daemon.log.contains("it is not a regular file"), Date() < end { usleep(10_000) }
        #expect(daemon.log.contains(pipe) && daemon.log.contains("it is not a regular file"), "\(daemon.log)")
        #expect(try #require(daemon.end()) < 2)
        #expect(daemon.process.terminationStatus == 0)
    }

    @Test("Without systemd the log has the program's name; seconds have three decimals")
    func plainLog() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        _ = try daemon.read(client, until: RunningDaemon.isLit)
        kill(daemon.process.processIdentifier, SIGSTOP)
        usleep(1_500_000)
        kill(daemon.process.processIdentifier, SIGCONT)
        let events = try daemon.read(client) { $0.kind == .discontinuity }
        #expect(events.contains { $0.event.kind == .discontinuity })
        #expect(daemon.end() != nil && daemon.process.terminationStatus == 0)
        let lines = daemon.log.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("timbred: ") })
        let seconds = lines.compactMap { line in
            line.split(separator: " ").first { $0.first?.isNumber == true && $0.contains(".") }
        }
        #expect(!seconds.isEmpty && seconds.allSatisfy { $0.split(separator: ".").last?.count ?? 9 <= 3 })
    }

    @Test("Promise 8: SIGHUP with a bad configuration changes nothing; with a good one it applies")
    func reloads() throws {
        let daemon = try RunningDaemon(Self.tone, scene: Scene())
        let client = try daemon.connect()
        _ = try daemon.read(client, until: RunningDaemon.isLit)
        func reload(_ text: String) throws {
            try RunningDaemon.settings(text, socket: daemon.socket, model: daemon.scene.model).write(
                to: daemon.configuration, atomically: true, encoding: .utf8)
            kill(daemon.process.processIdentifier, SIGHUP)
        }
        try reload(Self.tone + "[events]\ngate_dbfs = loud\n")
        let end = Date() + 60
        while !daemon.log.contains("no setting was changed") && daemon.process.isRunning && Date() < end {
            usleep(10_000)
        }
        #expect(daemon.process.isRunning)
        #expect(daemon.log.contains("no setting was changed"))
        #expect(daemon.log.contains("timbred.conf:"))
        // A gate above the tone puts everything off.
        try reload(Self.tone + "[events]\ngate_dbfs = 0\n")
        let events = try daemon.read(client) { $0.kind == .off }
        #expect(events.last?.event.kind == .off)
    }

    @Test("Promise 8: at a reload only what the file changes needs a restart, and that is said once")
    func reloadsUnderArguments() throws {
        let file = "[[stream]]\nname = \"main\"\nsource = \"tone:441\"\n"
        let daemon = try RunningDaemon(file, scene: Scene(), arguments: ["--source", "tone:440"])
        try RunningDaemon.settings(
            file + "[tags]\nsupport_events = false\n", socket: daemon.socket, model: daemon.scene.model
        ).write(to: daemon.configuration, atomically: true, encoding: .utf8)
        kill(daemon.process.processIdentifier, SIGHUP)
        let end = Date() + 60
        while !daemon.log.contains("tags.support_events"), daemon.process.isRunning, Date() < end { usleep(10_000) }
        let lines = daemon.log.split(separator: "\n").filter { $0.contains("restart") }
        #expect(lines.count == 1 && lines.allSatisfy { $0.hasSuffix("(needs a restart)") }, "\(lines)")
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
        let missing = try RunningDaemon(Self.tone, scene: scene, model: "/no/such.safetensors", waits: false)
        missing.process.waitUntilExit()
        #expect(missing.process.terminationStatus == 66)
        #expect(missing.log.contains("/no/such.safetensors cannot be read: No such file or directory"))
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
        _ = try daemon.read(client, until: RunningDaemon.isLit)
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

    @Test("Promise 2: at most 200 wake-ups a second, of all threads together, while waiting for a device")
    func idle() throws {
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"alsa:no_such_card\"\n", scene: Scene())
        usleep(500_000)
        let tasks = URL(fileURLWithPath: "/proc/\(daemon.process.processIdentifier)/task")
        func wakeups() throws -> Int {
            try FileManager.default.contentsOfDirectory(atPath: tasks.path).reduce(0) { sum, task in
                let line = try String(contentsOf: tasks.appendingPathComponent("\(task)/schedstat"), encoding: .utf8)
                return sum + (line.split(whereSeparator: \.isWhitespace).last.flatMap { Int($0) } ?? 0)
            }
        }
        let (began, before) = (Date(), try wakeups())
        usleep(3_000_000)
        // What a wake-up costs depends on the machine; how many there are does not.
        let count = try wakeups() - before
        #expect(count > 0 && Double(count) / Date().timeIntervalSince(began) < 200)
    }
}
