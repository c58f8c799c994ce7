// Promise 15: no value that the configuration admits, and no length of a stream, stops the program.

import AudioCore
import Events
import Features
import Foundation
import Models
import Recording
import SceneFixtures
import System
import Testing

@testable import Configuration
@testable import Engine

@Suite("Promise 15: extremes")
struct ExtremeTests {
    static let decade: Int64 = 10 * 366 * 86_400

    private func settings(_ table: String, _ line: String) throws -> Settings {
        try Settings(text: "[\(table)]\n\(line)\n", file: "t.conf")
    }

    @Test("at every boundary of every numeric key a file is heard and recorded to its end", .timeLimit(.minutes(10)))
    func boundaries() throws {
        let scene = try Scene()
        let file = try scene.wave("short.wav", Scene.tones([(.cello, 0.05, 0.3)], seconds: 0.35))
        #expect(SettingTables.extremes.count > 50)
        for (table, line) in SettingTables.extremes {
            var settings = try settings(table, line)
            settings.streams = [StreamSettings(source: "file:\(file)")]
            settings.record.folder = scene.folder.path
            settings.record.always = true
            if !line.hasPrefix("minimum_free") { settings.record.minimumFreeMegabytes = 0 }
            if table != "tags" { settings.tags.enabled = false } else { settings.tags.modelPath = scene.clipModel }
            settings.realtimePriority = 0
            var kinds: Set<EventKind> = []
            do {
                try Replay(settings, modelPath: scene.model).run { kinds.insert($0.kind) }
            } catch let error as EngineError {
                // A window that the clip model does not know is refused in words.
                #expect(table == "tags", "\(line): \(error)")
                continue
            }
            #expect(kinds.contains(.snapshot), "\(line)")
        }
    }

    @Test("after ten years a stream goes on as on its first day, at every boundary of every key of its events")
    func decades() throws {
        let scene = try Scene()
        let file = try ModelFile(contentsOf: scene.model)
        let instruments = file.description.classes.map {
            Hello.Instrument(name: $0.rawValue, family: $0.family.rawValue)
        }
        let rate = file.description.frontEnd.sampleRate
        let hop = file.description.frontEnd.hop
        for (table, line) in SettingTables.extremes where table == "events" || table == "instrument.cello" {
            let settings = try settings(table, line)
            var tracker = try EventTracker(
                stream: "main", instruments: instruments, clock: StreamClock(rate: rate), hop: hop,
                settings: try TrackerSettings(file.description, settings.events))
            tracker.clock.setAnchor(frame: 0, wall: WallTime(nanoseconds: 1_795_240_800_000_000_000))
            var encoder = EventEncoder()
            var lines = 0
            let activities = [Float](repeating: 1, count: instruments.count)
            for start in [0, Self.decade * Int64(rate)] {
                for step in 1...200 {
                    tracker.feed(
                        frame: start + Int64(step * hop), activities: activities, peak: 0, rms: 0
                    ) { event in
                        lines += encoder.line(event, sequence: Int64(lines)).count > 0 ? 1 : 0
                    }
                }
            }
            tracker.end { _ in lines += 1 }
            #expect(
                lines > 0 || line.contains("activity_rate") || line.contains("minimum_on")
                    || line.contains("smoothing"), "\(line)")
        }
    }

    @Test(
        "a stream is heard at the lowest and the highest rate, mixed and channel by channel", .timeLimit(.minutes(2)),
        arguments: [8000, 384_000], ["mix", "each", "1"])
    func streams(rate: Int, channels: String) throws {
        let scene = try Scene()
        let text = "[[stream]]\nsource = tone:440\nrate = \(rate)\nchannels = \(channels)\n[realtime]\npriority = 0\n"
        for refused in [rate < 100_000 ? rate - 1 : rate + 1, 0, .max] {
            #expect(throws: (any Error).self) {
                try Settings(text: text.replacing("\(rate)", with: "\(refused)"), file: "t.conf")
            }
        }
        let engine = try Engine(try Settings(text: text, file: "t.conf"), modelPath: scene.model)
        try engine.start()
        var levels = 0
        while levels < 3 {
            if !engine.drain({ levels += $0.kind == .activity ? 1 : 0 }) { SystemClock.sleep(nanoseconds: 1_000_000) }
        }
        engine.stop { _ in }
    }

    @Test("at ten years an event has its wall time to the microsecond and its second to the millisecond")
    func exactness() throws {
        var clock = StreamClock(rate: 44_100)
        clock.setAnchor(frame: 0, wall: WallTime(nanoseconds: 1_795_240_800_000_000_000))
        let time = clock.time(at: Self.decade * 44_100 + 22_050)
        #expect(time.wall?.nanoseconds == 1_795_240_800_000_000_000 + Self.decade * 1_000_000_000 + 500_000_000)
        #expect(time.seconds == Double(Self.decade) + 0.5)
        var encoder = EventEncoder()
        let line = encoder.line(Event(stream: "main", time: time, .mark(text: "x")), sequence: 1 << 52)
        let read = try NumberedEvent(line: line.dropLast())
        #expect(read.event.position?.time == time && read.sequence == 1 << 52)
    }

    @Test("hello, which every command asks for, costs a small part of a front end, which it has to know the delay of")
    func helloCost() throws {
        let scene = try Scene()
        let file = try scene.wave("short.wav", Scene.tones([(.cello, 0.05, 0.3)], seconds: 0.35))
        let engine = try Engine(scene.settings("file:\(file)"), modelPath: scene.model)
        /// Seconds that this thread computes for one of `count` calls; what other threads do does not count.
        func cost(_ count: Int, _ body: () -> Void) -> Double {
            func now() -> Double {
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
            }
            let begin = now()
            for _ in 0..<count { body() }
            return (now() - begin) / Double(count)
        }
        let description = try ModelFile(contentsOf: scene.model).description
        let made = cost(5) { _ = FrontEnd(description.frontEnd) }
        #expect(engine.hello.latencyMilliseconds > 0)
        #expect(cost(50) { _ = engine.hello } < made / 4)
    }
}
