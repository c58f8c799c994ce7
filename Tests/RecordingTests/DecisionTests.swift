// When a recording begins and ends, and which sessions stay: plain numbers.

import Configuration
import Events
import Testing

@testable import Recording

@Suite("Recording decisions")
struct DecisionTests {
    static func event(_ body: Event.Body) -> Event {
        Event(stream: "main", time: StreamTime(frame: 0, seconds: 0, wall: nil), body)
    }

    static func on(_ name: String) -> Event {
        event(.on(.init(instrument: name, family: "strings", confidence: 1)))
    }

    static func off(_ name: String) -> Event {
        event(.off(.init(instrument: name, family: "strings", confidence: 1, duration: 1)))
    }

    @Test("a recording is made for what is asked, always, by the clock, for an instrument or for a level")
    func causes() {
        var settings = RecordSettings()
        settings.instruments = .these(["violin"])
        settings.level = -40
        settings.schedule = [.init(start: 22 * 60, end: 2 * 60)]
        var trigger = Trigger(settings)
        #expect(trigger.cause == nil)
        trigger.note(Self.on("piano"))
        #expect(trigger.cause == nil)
        trigger.note(Self.on("violin"))
        #expect(trigger.cause == "instrument violin")
        trigger.note(Self.off("violin"))
        #expect(trigger.cause == nil)
        trigger.note(level: -39.9)
        #expect(trigger.cause == "level")
        trigger.note(level: -40.1)
        #expect(trigger.cause == nil)
        trigger.note(minute: 60)
        #expect(trigger.cause == "schedule")
        trigger.note(minute: 120)
        #expect(trigger.cause == nil)
        trigger.ask(.start)
        #expect(trigger.cause == "asked")
        trigger.settings.always = true
        trigger.ask(.stop)
        #expect(trigger.cause == nil && trigger.isForbidden)
        trigger.ask(.auto)
        #expect(trigger.cause == "always")
        trigger.settings = RecordSettings()
        trigger.settings.instruments = .any
        #expect(trigger.cause == "instrument piano")
    }

    @Test("a recording ends so long after its last cause, at once when it is forbidden, and goes on in parts")
    func plan() {
        var plan = RecordingPlan()
        func step(_ place: Int64, _ cause: String?, forbidden: Bool = false) -> RecordingPlan.Step? {
            plan.step(at: place, cause: cause, isForbidden: forbidden, after: 100, part: 1000)
        }
        #expect(step(500, nil) == nil && plan.run(from: 500, part: 1000, after: 100) == .max)
        #expect(step(500, "level") == .begin(cause: "level"))
        plan.begun(at: 400)
        #expect(step(600, "level") == nil && plan.run(from: 600, part: 1000, after: 100) == 800)
        #expect(step(700, nil) == nil && plan.run(from: 700, part: 1000, after: 100) == 100)
        #expect(step(790, nil) == nil && plan.run(from: 790, part: 1000, after: 100) == 10)
        // A new cause makes it go on.
        #expect(step(795, "asked") == nil && plan.run(from: 795, part: 1000, after: 100) == 605)
        #expect(step(1400, "asked") == .split)
        plan.begun(at: 1400)
        #expect(step(1500, nil) == nil)
        #expect(step(1600, nil) == .end)
        plan.ended()
        #expect(!plan.isRecording && step(1700, "level") == .begin(cause: "level"))
        plan.begun(at: 1700)
        #expect(step(1800, nil, forbidden: true) == .end)
    }

    @Test("spans of the day hold their start and not their end, also past midnight")
    func schedule() {
        let schedule = [DaySpan(start: 450, end: 540), DaySpan(start: 1320, end: 120)]
        #expect(
            [449, 450, 539, 540, 1319, 1320, 1439, 0, 119, 120].map { minute in
                schedule.contains { $0.contains(minute: minute) }
            } == [
                false, true, true, false, false, true, true, true, true, false,
            ])
    }

    static let sessions: [Retention.Session] = [
        .init(name: "c", bytes: 400, written: 3000, isOpen: true),
        .init(name: "b", bytes: 300, written: 2000, isOpen: false),
        .init(name: "a", bytes: 200, written: 1000, isOpen: false),
    ]

    @Test("sessions go when they are too old, and by themselves for no other reason unless that is wanted")
    func retention() {
        var retention = Retention(RecordSettings())
        retention.minimumFree = 1000
        func verdict(free: Int64 = 5000, now: Double = 3000) -> Retention.Verdict {
            retention.verdict(on: Self.sessions, free: free, now: now)
        }
        #expect(verdict() == .init())
        retention.maximumAge = 1500
        #expect(verdict() == .init(removed: ["a"]))
        #expect(verdict(now: 1e9) == .init(removed: ["a", "b"]), "what is being recorded stays")
        retention.maximumAge = nil
        retention.maximumBytes = 900
        #expect(verdict().removed.isEmpty && verdict().problem?.contains("maximum_megabytes") == true)
        retention.removesOldest = true
        #expect(verdict() == .init(removed: ["a"]))
        retention.maximumBytes = 400
        #expect(verdict().removed == ["a", "b"] && verdict().problem != nil)
        retention.maximumBytes = nil
        #expect(verdict(free: 900) == .init(removed: ["a"]))
        #expect(verdict(free: 100).removed == ["a", "b"])
        #expect(verdict(free: 100).problem?.contains("minimum_free_megabytes") == true)
    }

    @Test(
        "a session that cannot be removed takes room, and another goes in its place",
        arguments: [0, 150, 200] as [Int64])
    func stuck(left: Int64) {
        var retention = Retention(RecordSettings())
        (retention.maximumBytes, retention.minimumFree, retention.removesOldest) = (710, 0, true)
        var asked: [String] = []
        let verdict = retention.verdict(on: Self.sessions, free: 5000, now: 3000) { session in
            asked.append(session.name)
            return session.name == "a" ? left : 0
        }
        #expect(asked == (left == 0 ? ["a"] : ["a", "b"]) && verdict.problem == nil)
        let full = retention.verdict(on: Self.sessions, free: 5000, now: 3000) { $0.bytes }
        #expect(full.problem?.contains("maximum_megabytes") == true)
    }

    @Test("the level is that of the loudest channel over whole blocks, however the sound comes in pieces")
    func level() {
        var meter = BlockLevel(frames: 4, channels: 2)
        let loud: [Float] = [0.1, 0.5, 0.1, -0.5, 0.1, 0.5, 0.1, -0.5]
        var levels: [Float?] = []
        for range in [0..<2, 2..<6, 6..<8] {
            loud[range].withUnsafeBufferPointer { levels.append(meter.process($0)) }
        }
        #expect(levels[0] == nil && levels[1] == nil)
        #expect(abs((levels[2] ?? 0) + 6.0206) < 1e-3)
        [Float](repeating: 0, count: 8).withUnsafeBufferPointer { #expect(meter.process($0) == -200) }
        // A constant offset is no sound, and hides none.
        [Float](repeating: 0.25, count: 8).withUnsafeBufferPointer { #expect(meter.process($0) == -200) }
        loud.map { $0 + 0.25 }.withUnsafeBufferPointer { #expect(abs((meter.process($0) ?? 0) + 6.0206) < 1e-3) }
    }

    @Test("the pre-roll always holds the newest frames, in order")
    func preRoll() {
        var ring = PreRoll()
        ring.reset(frames: 5, channels: 2, position: 100)
        func held(from place: Int64) -> [Float] {
            var frames: [Float] = []
            ring.read(from: place) { frames += $0 }
            return frames
        }
        #expect(held(from: 0).isEmpty && ring.start == 100)
        [1, -1, 2, -2, 3, -3].withUnsafeBufferPointer { ring.append($0) }
        #expect(held(from: 0) == [1, -1, 2, -2, 3, -3] && ring.start == 100)
        ring.appendSilence(1)
        [4, -4, 5, -5].withUnsafeBufferPointer { ring.append($0) }
        #expect(ring.start == 101 && ring.end == 106)
        #expect(held(from: 0) == [2, -2, 3, -3, 0, 0, 4, -4, 5, -5])
        #expect(held(from: 104) == [4, -4, 5, -5])
        let many = (0..<24).map { Float($0) }
        many.withUnsafeBufferPointer { ring.append($0) }
        #expect(held(from: 0) == Array(many.suffix(10)) && ring.end == 118)
        // Memory of the same size stays where it is.
        func memory() -> UnsafePointer<Float>? {
            var address: UnsafePointer<Float>?
            ring.read(from: 0) { address = $0.baseAddress }
            return address
        }
        let before = memory()
        ring.resize(frames: 5)
        #expect(memory() == before && held(from: 0) == Array(many.suffix(10)))
        ring.resize(frames: 3)
        #expect(held(from: 0) == Array(many.suffix(6)))
        ring.reset(frames: 0, channels: 2, position: 7)
        many.withUnsafeBufferPointer { ring.append($0) }
        #expect(ring.start == 19 && ring.end == 19 && held(from: 0).isEmpty)
    }
}
