// A live PulseAudio monitor against the replay of what was played.

import Configuration
import Engine
import EventServer
import Events
import Foundation
import JSON
import SceneFixtures
import SoundFixtures
import Testing

@Suite("Monitor", .enabled(if: PulseServer.isInstalled, Comment(rawValue: PulseServer.reason)))
struct MonitorTests {
    /// An edge of an instrument: name, whether it came on, when.
    typealias Edge = (instrument: String, isOn: Bool, time: Double)

    static func edges(_ events: [Event]) -> [Edge] {
        events.compactMap { event in
            guard let time = event.position?.time.seconds else { return nil }
            switch event.body {
            case .on(let on): return (on.instrument, true, time)
            case .off(let off): return (off.instrument, false, time)
            default: return nil
            }
        }
    }

    @Test("What is heard at a sound server's monitor is what a replay gives, apart from the start")
    func monitor() throws {
        let scene = try Scene()
        let signal = Scene.tones([(.cello, 0.5, 1.5), (.horn, 2, 3), (.drums, 3.3, 4)], seconds: 4.5)
        let replayed = Self.edges(try scene.replay(Self.settings(scene, try scene.wave("tones.wav", signal))))
        #expect(replayed.count == 6)

        // A sound server on a loaded machine may leave a hole in what it plays, so it has three chances; a daemon that errs
        // would err in each.
        var faults = ["not tried"]
        for _ in 0..<3 where !faults.isEmpty {
            let heard = try Self.listen(scene, model: nil) { try $0.play(signal) }
            faults = Self.differences(heard, replayed)
        }
        #expect(faults == [])
    }

    /// What is not in `live` as it is in `replayed`, with the first edge of both at the same moment.
    private static func differences(_ live: [Edge], _ replayed: [Edge]) -> [String] {
        guard live.map(\.instrument) == replayed.map(\.instrument), live.map(\.isOn) == replayed.map(\.isOn),
            let first = live.first, let origin = replayed.first
        else { return ["heard \(live), not \(replayed)"] }
        return zip(live, replayed).compactMap { live, file in
            // The start falls anywhere in a hop, so an edge may move by one.
            let moved = (live.time - first.time) - (file.time - origin.time)
            return abs(moved) < 0.05 ? nil : "\(live) lies \(moved) s later"
        }
    }

    @Test("Promise 11: a missing source is waited for and said; no other takes its place")
    func noFallback() throws {
        let pulse = try PulseServer()
        try pulse.start()
        let player = try pulse.play(Scene.tones([(.cello, 0, 5)], seconds: 5))
        defer { player.kill() }
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"pulse:microphone\"\n", scene: Scene(),
            environment: ["PULSE_SERVER": pulse.address])
        let client = try daemon.connect()
        let events = try daemon.read(client, timeout: 2500) { $0.kind == .on }
        #expect(!events.contains { $0.event.kind == .on || $0.event.kind == .activity })
        try client.send("status")
        let reply = try daemon.read(client) { $0.kind == .reply }
        let status = String(describing: reply.last?.event.body)
        #expect(status.contains("waiting") && status.contains("microphone"))
        #expect(daemon.log.contains("waiting"))
    }

    @Test("The default source is whatever the server says it is, and the daemon names it")
    func defaultSource() throws {
        let pulse = try PulseServer()
        try pulse.start()
        let player = try pulse.play(Scene.tones([(.cello, 0, 20)], seconds: 20))
        defer { player.kill() }
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"pulse:\"\n", scene: Scene(),
            environment: ["PULSE_SERVER": pulse.address])
        let events = try daemon.read(try daemon.connect()) { event in
            if case .health(let health) = event.body { health.state == .running } else { false }
        }
        guard case .health(let health) = events.last?.event.body else {
            Issue.record("\(events)")
            return
        }
        #expect(health.message == "audio arrives from speaker.monitor")
        #expect(daemon.end() != nil)
    }

    /// A recording with four players, and the shipped model.
    static let recording = (ProcessInfo.processInfo.environment["TIMBRE_DATA"] ?? "") + "/realset/audio/seq_dev_00.opus"

    @Test(
        "So it is with a real recording and the shipped model",
        .enabled(
            if: FileManager.default.isReadableFile(atPath: recording),
            "there is no recording: set TIMBRE_DATA to the folder that holds realset/"))
    func shippedModel() throws {
        let scene = try Scene()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let model = root.appendingPathComponent(BundledFile.model.rawValue).standardizedFileURL.path
        var events: [Event] = []
        try Replay(Self.settings(scene, Self.recording), modelPath: model).run { events.append($0) }
        let replayed = Self.edges(events)
        #expect(replayed.count > 4)
        let heard = try Self.listen(scene, model: model) { try $0.play(file: Self.recording) }
        // Two resamplers and a mix lie between, and a busy machine may leave a hole in what is played, so an edge may
        // fall elsewhere; the segments must lie over each other at the best shift.
        let shifts = heard.flatMap { live in replayed.map { file in live.time - file.time } }
        let shares = shifts.map { Self.share(of: replayed, in: heard, shiftedBy: $0) }
        #expect(try #require(shares.max()) > 0.6, "heard \(heard), replayed \(replayed)")
    }

    /// How much of the time that a replay names instruments they were named live too, when the replay began at `shift`.
    private static func share(of replayed: [Edge], in heard: [Edge], shiftedBy shift: Double) -> Double {
        let live = segments(heard)
        let file = segments(replayed)
        var common = 0.0
        for segment in file {
            for other in live where other.instrument == segment.instrument {
                common += max(0, min(other.end, segment.end + shift) - max(other.start, segment.start + shift))
            }
        }
        return common / file.reduce(0.0) { $0 + ($1.end - $1.start) }
    }

    private static func segments(_ edges: [Edge]) -> [(instrument: String, start: Double, end: Double)] {
        edges.enumerated().compactMap { index, edge in
            guard edge.isOn else { return nil }
            let end = edges[index...].first { !$0.isOn && $0.instrument == edge.instrument }
            return end.map { (edge.instrument, edge.time, $0.time) }
        }
    }

    /// Tags have no say: a stream that begins elsewhere in the music has other windows.
    private static func settings(_ scene: Scene, _ path: String) -> Settings {
        var settings = scene.settings("file:\(path)")
        settings.tags.supportEvents = false
        return settings
    }

    /// What a daemon at a monitor hears of what `play` plays.
    private static func listen(
        _ scene: Scene, model: String?, _ play: (PulseServer) throws -> ChildProcess
    ) throws -> [Edge] {
        let pulse = try PulseServer()
        try pulse.start()
        let daemon = try RunningDaemon(
            "[[stream]]\nname = \"main\"\nsource = \"pulse:speaker.monitor\"\n[tags]\nsupport_events = false\n",
            scene: scene, model: model, environment: ["PULSE_SERVER": pulse.address])
        let client = try daemon.connect()
        try client.send("subscribe", [.init("types", .array(["on", "off", "health"].map(JSONValue.string)))])
        _ = try daemon.read(client) { event in
            if case .snapshot(let snapshot) = event.body { return snapshot.health.first?.state == .running }
            if case .health(let health) = event.body { return health.state == .running }
            return false
        }
        // The few lines wait in the socket until the music is over.
        let player = try play(pulse)
        player.wait()
        let lines = try daemon.read(client, timeout: 4000) { _ in false }
        return edges(lines.map(\.event))
    }
}
