// One stream from activities to events.

import AudioCore
import Events
import TestSupport
import Testing

@Suite("The tracker of a stream") struct EventTrackerTests {
    private static let instruments: [Hello.Instrument] = [
        .init(name: "piano", family: "keyboard"), .init(name: "violin", family: "strings"),
    ]

    private func tracker(
        smoothing: Double = 0, activityRate: Double = 0, gate: Float = -60, hold: Double = 20, minimum: Double = 0,
        delays: [Double] = []
    ) throws -> EventTracker {
        let hysteresis = try HysteresisSettings(on: 0.6, off: 0.4, minimumOn: minimum, minimumOff: minimum)
        return try EventTracker(
            stream: "main", instruments: Self.instruments, clock: StreamClock(rate: 1000), hop: 10,
            settings: TrackerSettings(
                instruments: [hysteresis, hysteresis], gate: .init(open: gate, hold: hold), smoothing: smoothing,
                activityRate: activityRate, delays: delays))
    }

    /// Frames 10, 20, ... with these activities of piano and violin, at this level.
    private func feed(
        _ tracker: inout EventTracker, _ frames: [(Float, Float)], rms: Float = -20, into events: inout [Event]
    ) {
        for (piano, violin) in frames {
            tracker.feed(frame: tracker.position + 10, activities: [piano, violin], peak: rms + 10, rms: rms) {
                events.append($0)
            }
        }
    }

    @Test("Promise 15: no activity rate is so low or high, and no stream so long, that the next activity overflows")
    func extremes() throws {
        for rate in [1e-15, .leastNonzeroMagnitude, 1e-9, 0.001, 1000] {
            var tracker = try tracker(activityRate: rate)
            for frame: Int64 in [10, 20, 1 << 40, 384_000 * 366 * 86_400 * 10, 384_000 * 366 * 86_400 * 10 + 10] {
                var count = 0
                tracker.feed(frame: frame, activities: [0, 1], peak: -10, rms: -20) { _ in count += 1 }
                #expect(count >= 0)
            }
            try tracker.apply(
                TrackerSettings(
                    instruments: Array(repeating: HysteresisSettings(on: 0.6, off: 0.4), count: 2),
                    gate: .init(open: -60), smoothing: 0, activityRate: rate))
            tracker.feed(frame: tracker.position + 10, activities: [0, 1], peak: -10, rms: -20) { _ in }
        }
    }

    @Test("wall times do not run backwards when a gap is told late, and follow a clock that was set")
    func lateWall() throws {
        var tracker = try tracker()
        tracker.clock.setAnchor(frame: 0, wall: WallTime(nanoseconds: 1_000_000_000_000))
        var events: [Event] = []
        feed(&tracker, Array(repeating: (0, 1), count: 50), into: &events)
        func gap(_ reason: GapCause, _ wall: Int64) -> Int64? {
            var shown: Int64?
            tracker.discontinuity(
                reason, lostSeconds: 1, frame: tracker.position, anchor: WallTime(nanoseconds: wall)
            ) { if $0.kind == .discontinuity { shown = $0.position?.time.wall?.nanoseconds } }
            return shown
        }
        #expect(gap(.overload, 1_002_000_000_000) == 1_002_000_000_000)
        #expect(gap(.overload, 1_001_999_000_000) == 1_002_000_000_000)
        #expect(gap(.clockJump, 1_001_998_000_000) == 1_001_998_000_000)
        #expect(gap(.reopened, 900_000_000_000) == 900_000_000_000)
    }

    private func words(_ events: [Event]) -> [String] {
        events.map { event in
            let frame = event.position?.time.frame ?? -1
            return switch event.body {
            case .on(let on): "\(frame) on \(on.instrument)"
            case .off(let off): "\(frame) off \(off.instrument) after \(off.duration)"
            case .discontinuity(let gap): "\(frame) gap \(gap.reason.rawValue)"
            case .activity: "\(frame) levels"
            default: "\(frame) \(event.kind.rawValue)"
            }
        }
    }

    @Test("reports on and off with family, confidence and duration") func onAndOff() throws {
        var tracker = try tracker()
        var events: [Event] = []
        feed(&tracker, [(0, 0.7), (0.9, 0.5), (0.9, 0.3), (0.1, 0)], into: &events)
        #expect(
            words(events) == ["10 on violin", "20 on piano", "30 off violin after 0.02", "40 off piano after 0.02"])
        #expect(
            events[2].body
                == .off(
                    .init(instrument: "violin", family: "strings", confidence: 0.6, duration: 0.02, offset: 0.01)))
    }

    /// What the events say of the piano: frame, and onset or offset in milliseconds.
    private func estimates(_ events: [Event]) -> [String] {
        events.compactMap { event in
            guard let frame = event.position?.time.frame else { return nil }
            switch event.body {
            case .on(let on) where on.instrument == "piano":
                return "\(frame) on since \(Int(((on.onset ?? -1) * 1000).rounded()))"
            case .off(let off) where off.instrument == "piano":
                return "\(frame) off since \(Int(((off.offset ?? -1) * 1000).rounded()))"
            default: return nil
            }
        }
    }

    @Test(
        "an onset is where the activity began to rise, less the delay of the class; an offset where it was last strong")
    func onsetAndOffset() throws {
        var tracker = try tracker(minimum: 30, delays: [15, 0])
        var events: [Event] = []
        let rise: [Float] = [0.02, 0.02, 0.02, 0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.8]
        let fall: [Float] = [0.8, 0.8, 0.8, 0.5, 0.45, 0.3, 0.2, 0.1, 0]
        feed(&tracker, (rise + fall).map { ($0, 0) }, into: &events)
        // 0.02 is below a twentieth of 0.6 up to frame 40; the mean while on is 0.8 up to frame 130.
        #expect(estimates(events) == ["100 on since 25", "180 off since 130"])
    }

    @Test("an onset reaches neither over a gap nor into the previous segment, and is never after its event")
    func onsetBounds() throws {
        var tracker = try tracker(delays: [500, 0])
        var events: [Event] = []
        feed(&tracker, [(0, 0), (0.9, 0), (0.9, 0), (0.1, 0), (0, 0), (0.9, 0)], into: &events)
        tracker.discontinuity(.xrun, lostSeconds: 1, frame: 2000) { events.append($0) }
        feed(&tracker, [(0, 0), (0.9, 0)], into: &events)
        #expect(
            estimates(events) == [
                "20 on since 0", "40 off since 30", "60 on since 30", "60 off since 60", "2020 on since 2000",
            ])
        var late = try self.tracker(delays: [-500, 0])
        events = []
        feed(&late, [(0, 0), (0.9, 0)], into: &events)
        #expect(estimates(events) == ["20 on since 20"])
    }

    @Test("when the gate shuts, the sound ended where the gate was last held open") func offsetOfGate() throws {
        var tracker = try tracker(hold: 40)
        var events: [Event] = []
        feed(&tracker, Array(repeating: (0.9, 0), count: 5), into: &events)
        feed(&tracker, Array(repeating: (0.9, 0), count: 8), rms: -90, into: &events)
        #expect(estimates(events) == ["10 on since 10", "100 off since 50"])
    }

    @Test("delays must be one a class, or none") func delays() throws {
        #expect(throws: EventsError.self) { try tracker(delays: [1]) }
        #expect(throws: EventsError.self) { try tracker(delays: [1, .nan]) }
    }

    @Test("support lowers and raises thresholds until its time is over, or the stream ends") func support() throws {
        var tracker = try tracker()
        var events: [Event] = []
        // 0.6 becomes 0.36 for the piano and 0.80 for the violin.
        tracker.support([1, -1], until: 30)
        feed(&tracker, [(0.4, 0.7), (0.4, 0.7), (0.4, 0.7)], into: &events)
        #expect(words(events) == ["10 on piano", "30 on violin"])
        tracker.support([-1, -1], until: 1000)
        feed(&tracker, [(0.45, 0.7)], into: &events)
        #expect(words(events).dropFirst(2) == ["40 off piano after 0.03"])
        tracker.discontinuity(.xrun, lostSeconds: 0, frame: 50) { events.append($0) }
        feed(&tracker, [(0.7, 0)], into: &events)
        #expect(words(events).last == "60 on piano")
    }

    @Test("Promise 5: every on has an off, at the end of the stream too") func end() throws {
        var tracker = try tracker()
        var events: [Event] = []
        feed(&tracker, [(0.9, 0.9)], into: &events)
        tracker.end { events.append($0) }
        tracker.end { events.append($0) }
        #expect(
            words(events) == ["10 on piano", "10 on violin", "10 off piano after 0.0", "10 off violin after 0.0"])
    }

    @Test("Promise 5: a gap sends off what was on, then says so, and wall time begins anew") func gap() throws {
        var tracker = try tracker()
        tracker.clock.setAnchor(frame: 0, wall: WallTime(nanoseconds: 0))
        var events: [Event] = []
        feed(&tracker, [(0.9, 0)], into: &events)
        tracker.discontinuity(
            .xrun, lostSeconds: 0.5, frame: 500, anchor: WallTime(nanoseconds: 9_000_000_000)
        ) { events.append($0) }
        feed(&tracker, [(0.9, 0)], into: &events)
        #expect(words(events) == ["10 on piano", "10 off piano after 0.0", "500 gap xrun", "510 on piano"])
        #expect(events[1].position?.time.wall == WallTime(nanoseconds: 10_000_000))
        #expect(events[3].position?.time.wall == WallTime(nanoseconds: 9_010_000_000))
    }

    @Test("Promise 12: below the gate nothing is on, however sure the model is") func gate() throws {
        var tracker = try tracker(activityRate: 100)
        var events: [Event] = []
        feed(&tracker, [(1, 1), (1, 1)], rms: -70, into: &events)
        #expect(words(events) == ["10 levels", "20 levels"])
        events = []
        feed(&tracker, [(1, 0)], into: &events)
        feed(&tracker, [(1, 0), (1, 0), (1, 0), (1, 0)], rms: -80, into: &events)
        #expect(words(events).filter { !$0.contains("levels") } == ["30 on piano", "60 off piano after 0.03"])
        guard case .activity(let last) = events.last?.body else {
            Issue.record("no levels")
            return
        }
        #expect(last.levels == [0, 0])
    }

    @Test("levels come at their rate with peak and mean square since the last") func levels() throws {
        var tracker = try tracker(activityRate: 25)
        var events: [Event] = []
        feed(&tracker, [(0.1, 0.2)], rms: -20, into: &events)
        feed(&tracker, Array(repeating: (0.3, 0.2), count: 2), rms: -30, into: &events)
        feed(&tracker, Array(repeating: (0.3, 0.25), count: 40), rms: -40, into: &events)
        #expect(words(events) == ["10 levels"] + (1...10).map { "\($0 * 40) levels" })
        guard case .activity(let activity) = events[1].body else {
            Issue.record("no levels")
            return
        }
        #expect(activity.levels == [0.3, 0.25])
        #expect(activity.peak == -20)
        // The mean of -30, -30 and -40 dB as power, 0.0007.
        #expect(abs(activity.rms - -31.549) < 0.001)
    }

    @Test("Promise 5 and 6: random input gives paired events, and the same bytes every time") func deterministic()
        throws
    {
        func run() throws -> [UInt8] {
            var generator = SeededGenerator(5)
            var tracker = try tracker(smoothing: 30, activityRate: 30)
            var encoder = EventEncoder()
            var bytes: [UInt8] = []
            var on: Set<String> = []
            let take: (Event) -> Void = { event in
                bytes += encoder.line(event, sequence: 1)
                if case .on(let event) = event.body { #expect(on.insert(event.instrument).inserted) }
                if case .off(let event) = event.body { #expect(on.remove(event.instrument) != nil) }
                if case .discontinuity = event.body { #expect(on.isEmpty) }
            }
            for step in 0..<5000 {
                let values = (0..<2).map { _ in Float.random(in: 0...1, using: &generator) }
                let level = Float.random(in: -90...0, using: &generator)
                tracker.feed(frame: tracker.position + 10, activities: values, peak: level, rms: level, emit: take)
                if step % 700 == 699 {
                    tracker.discontinuity(.overload, lostSeconds: 1, frame: tracker.position + 1000, emit: take)
                }
            }
            tracker.end(take)
            #expect(on.isEmpty)
            return bytes
        }
        let first = try run()
        #expect(first.count > 100_000)
        #expect(try run() == first)
    }

    @Test("new settings apply while running and must fit the model") func apply() throws {
        var tracker = try tracker()
        var events: [Event] = []
        feed(&tracker, [(0.5, 0.9)], into: &events)
        let loose = try HysteresisSettings(on: 0.3, off: 0.2)
        try tracker.apply(
            TrackerSettings(
                instruments: [loose, loose], gate: .init(open: -60), smoothing: 0, activityRate: 0))
        feed(&tracker, [(0.5, 0.3)], into: &events)
        #expect(words(events) == ["10 on violin", "20 on piano"])
        #expect(throws: EventsError.self) {
            try tracker.apply(
                TrackerSettings(instruments: [loose], gate: .init(open: -60), smoothing: 0, activityRate: 0))
        }
    }

    @Test("settings that are nonsense cannot be made") func refused() throws {
        for (smoothing, rate) in [(-1, 0), (.nan, 0), (2001, 0), (0, -1), (0, .nan), (0, 1001)] {
            #expect(throws: EventsError.self) {
                try TrackerSettings(
                    instruments: [], gate: .init(open: -60), smoothing: smoothing, activityRate: rate)
            }
        }
    }
}
