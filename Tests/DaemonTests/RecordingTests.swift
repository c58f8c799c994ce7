// The daemon records: a monitor of a real sound server, kills, full disks, reloads.

import AudioFiles
import EventServer
import Events
import Foundation
import JSON
import Recording
import SceneFixtures
import SoundFixtures
import TestSupport
import Testing

@Suite("Recording", .serialized)
struct RecordingTests {
    static let tone = "[[stream]]\nname = \"main\"\nsource = \"tone:440\"\n"

    static func isStarted(_ event: Event) -> Bool {
        if case .recording(let change) = event.body { change.state == .started } else { false }
    }

    static func isFailed(_ event: Event) -> Bool {
        if case .recording(let change) = event.body { change.state == .failed } else { false }
    }

    /// Asks until the first recording's status is as wanted; a minute at most.
    static func wait(for daemon: RunningDaemon, _ isWanted: (JSONValue) -> Bool) throws -> JSONValue {
        let client = try daemon.connect()
        let end = Date() + 60
        while true {
            try client.send("record", [.init("action", .string("status"))])
            let reply = try daemon.read(client) { $0.kind == .reply }.last?.event.body
            guard case .reply(let answer) = reply, case .done(let members) = answer.outcome,
                let recording = members.first(where: { $0.name == "recordings" })?.value.elements?.first
            else { throw Missing() }
            if isWanted(recording) { return recording }
            guard Date() < end else { throw Missing() }
            usleep(50_000)
        }
    }

    struct Missing: Error {}

    static func samples(_ path: String) throws -> [Float] {
        let reader = try AudioFileReader(path: path)
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 4096 * reader.format.channels)
        while case .frames(let count) = reader.read(&block, capacity: 4096) {
            samples += block[..<(count * reader.format.channels)]
        }
        return samples
    }

    @Test(
        "A session recorded from a monitor that plays a known file gives back that file's audio, annotations aligned",
        .enabled(if: PulseServer.isInstalled, Comment(rawValue: PulseServer.reason)))
    func monitor() throws {
        // A sound server on a loaded machine may leave a hole in what it plays, so it has three chances; a recorder that errs
        // would err in each.
        var faults = ["not tried"]
        for _ in 0..<3 where !faults.isEmpty { faults = try Self.recordMonitor() }
        #expect(faults == [])
    }

    /// Records a monitor that plays a known signal; what is not as it should be.
    private static func recordMonitor() throws -> [String] {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let pulse = try PulseServer()
        try pulse.start()
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"pulse:speaker.monitor\"\n[tags]\nsupport_events = false\n"
                + sessions.table(), scene: scene,
            environment: ["PULSE_SERVER": pulse.address])
        let client = try daemon.connect()
        _ = try Self.wait(for: daemon) { $0["state"]?.text == "recording" }
        let signal = Scene.tones([(.cello, 0.5, 1.5), (.horn, 2, 3)], seconds: 3.5)
        try pulse.play(signal).wait()
        _ = try daemon.read(client, timeout: 30_000) { event in
            if case .off(let off) = event.body { off.instrument == "horn" } else { false }
        }
        #expect(try #require(daemon.end()) < 2)
        #expect(daemon.process.terminationStatus == 0)
        let session = try #require(try sessions.read().first)
        let manifest = session.manifest
        #expect(manifest.state == .closed && manifest.rate == 44_100 && manifest.channels == 2)
        var faults = manifest.gaps.map { "\($0)" }

        // The file's first sound in the recording, found by the sample; what follows must be the file.
        let audio = try Self.samples(session.folder.audio)
        let left = stride(from: 0, to: audio.count, by: 2).map { audio[$0] }
        #expect(left.count == manifest.frames.map(Int.init))
        let first = try #require(left.firstIndex { abs($0) > 1e-4 })
        let source = try #require(signal.firstIndex { abs($0) > 1e-4 })
        let end = try #require(signal.lastIndex { abs($0) > 1e-4 })
        let difference = (source...end).map { index in
            let place = first - source + index
            return place < left.count ? abs(signal[index] - left[place]) : 1
        }
        if difference.contains(where: { $0 > 1e-3 }) { faults.append("the sound differs") }

        // A replay of the same says where the edges belong, so here they lie within a hop of that.
        // Tags have no say: their windows would begin elsewhere in it.
        var settings = scene.settings("file:\(try scene.wave("played.wav", signal))")
        settings.tags.supportEvents = false
        let replayed = try scene.replay(settings)
        let offset = Double(first - source) / 44_100
        let hop = Double(manifest.hop) / Double(manifest.streamRate)
        let edges = MonitorTests.edges(replayed)
        let heard = session.events.map(\.event).filter { $0.kind == .on || $0.kind == .off }
            .compactMap { manifest.seconds(of: $0) }
        if heard.count != edges.count { faults.append("\(heard.count) edges, not \(edges.count)") }
        for (time, edge) in zip(heard, edges) where abs(time - offset - edge.time) > hop + 1e-6 {
            faults.append("\(edge) at \(time - offset)")
        }
        return faults
    }

    @Test(
        "The lines of a session are valid by the schema, one conversation",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)))
    func schema() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(Self.tone + sessions.table(), scene: scene)
        let client = try daemon.connect()
        _ = try Self.wait(for: daemon) { $0["state"]?.text == "recording" }
        try client.send("mark", [.init("text", .string("a \"quoted\" mark"))])
        _ = try daemon.read(client) { $0.kind == .reply }
        _ = try Self.wait(for: daemon) { $0["seconds"]?.double ?? 0 > 1 }
        #expect(try #require(daemon.end()) < 2)
        let session = try #require(try sessions.read().first)
        #expect(session.manifest.marks.map(\.text) == ["a \"quoted\" mark"])
        #expect(session.events.map(\.event.kind).contains(.mark) && session.events.last?.event.kind == .closing)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: session.folder.events))
        let result = try EventLineValidator.validate([UInt8](bytes))
        #expect(result.output == "" && result.status == 0)
    }

    @Test("Promise 8: after SIGKILL the session is mended, and at most the last second is lost", arguments: 0..<5)
    func killed(index: Int) throws {
        let loss = try RecordedSessions.kill(at: [0.05, 0.4, 1.1, 1.73, 2.6][index])
        #expect(loss.sound < 1, "\(loss)")
        #expect(loss.lines < 1, "\(loss)")
    }

    @Test("Promise 10: a disk that takes no more ends the recording in order; it is said, and hearing goes on")
    func full() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"tone:noise\"\n" + sessions.table(), scene: scene)
        let client = try daemon.connect()
        _ = try Self.wait(for: daemon) { $0["state"]?.text == "recording" }
        let limit = try ChildProcess("prlimit", ["--pid", "\(daemon.process.processIdentifier)", "--fsize=300000"])
        #expect(limit.wait() == 0)
        let events = try daemon.read(client, timeout: 30_000, until: Self.isFailed)
        guard case .recording(let change) = events.last?.event.body else {
            Issue.record("the recording did not fail")
            return
        }
        #expect(change.message.contains("File too large"))
        let later = try daemon.read(client) { $0.kind == .activity }
        #expect(later.last?.event.kind == .activity && daemon.process.isRunning)
        #expect(try Self.wait(for: daemon) { $0["state"]?.text == "failed" }["message"]?.text == change.message)
        let session = try #require(try sessions.read().first)
        #expect(session.manifest.state == .closed && session.manifest.end?.contains("File too large") == true)
        let audio = try Self.samples(session.folder.audio)
        #expect(Int64(audio.count) == session.manifest.frames && audio.count > 44_100)
        #expect(daemon.log.contains("recording failed"))
    }

    @Test("record starts with the seconds before, stops at once, and a reload changes what begins by itself")
    func asked() throws {
        let scene = try Scene()
        let sessions = try RecordedSessions(scene)
        let daemon = try RunningDaemon(Self.tone + sessions.table("before_seconds = 1\n"), scene: scene)
        let client = try daemon.connect()
        _ = try daemon.read(client) { ($0.position?.time.seconds ?? 0) > 1.5 }
        try client.send("record", [.init("action", .string("start")), .init("source", .string("main"))])
        let started = try #require(try daemon.read(client, until: Self.isStarted).last?.event.position?.time.frame)
        _ = try Self.wait(for: daemon) { $0["seconds"]?.double ?? 0 > 1.5 }
        try client.send("record", [.init("action", .string("stop"))])
        _ = try Self.wait(for: daemon) { $0["state"]?.text == "stopped" }
        let first = try #require(try sessions.read().first)
        #expect(first.manifest.trigger == "asked" && first.manifest.end == "stopped by hand")
        // The anchor says where the sound begins on the stream's clock: a second before it was asked for, and not before.
        let anchor = try #require(first.manifest.anchors.first)
        let begin = anchor.frame - anchor.audioFrame
        #expect(begin > 0 && started - begin >= 44_100 && first.duration > 1.5)

        try RunningDaemon.settings(
            Self.tone + sessions.table("before_seconds = 0\ninstruments = any\n"), socket: daemon.socket,
            model: scene.model
        ).write(to: daemon.configuration, atomically: true, encoding: .utf8)
        kill(daemon.process.processIdentifier, SIGHUP)
        // The tone sounds, so the new setting begins as soon as nothing forbids it.
        try client.send("record", [.init("action", .string("auto"))])
        let status = try Self.wait(for: daemon) { $0["state"]?.text == "recording" }
        #expect(status["cause"]?.text?.hasPrefix("instrument ") == true)
        for (arguments, sentence) in [
            ([JSONValue.Member("action", .string("dance"))], "start, stop, auto or status"),
            ([.init("action", .string("start")), .init("source", .string("x"))], "must be one of main"),
            ([.init("verb", .string("start"))], "\"verb\" is not a valid argument"),
        ] {
            try client.send("record", arguments)
            let events = try daemon.read(client) { event in
                if case .reply(let reply) = event.body, case .refused = reply.outcome { true } else { false }
            }
            guard case .reply(let reply) = events.last?.event.body, case .refused(let why) = reply.outcome else {
                continue
            }
            #expect(why.contains(sentence))
        }
    }
}
