// The decisions, with plain numbers and no model.

import Events
import Glibc
import Testing

@Suite("Hysteresis") struct HysteresisTests {
    /// 100 frames a second, so that a frame is 10 ms.
    private let frameRate = 100.0

    private func changes(
        _ activities: [Float], on: Float = 0.6, off: Float = 0.4, minimumOn: Double = 0, minimumOff: Double = 0
    ) throws -> [Int: InstrumentHysteresis.Change] {
        let settings = try HysteresisSettings(on: on, off: off, minimumOn: minimumOn, minimumOff: minimumOff)
        var state = InstrumentHysteresis()
        var changes: [Int: InstrumentHysteresis.Change] = [:]
        for (index, activity) in activities.enumerated() {
            changes[index] = state.step(activity, settings: settings, frameRate: frameRate)
        }
        return changes
    }

    @Test("comes on at the upper threshold and goes off below the lower one") func thresholds() throws {
        let all = try changes([0.5, 0.59, 0.6, 0.5, 0.41, 0.4, 0.39, 0.5, 0.59])
        #expect(all.keys.sorted() == [2, 6])
        #expect(all[2] == .on(confidence: 0.6))
        guard case .off(let mean) = all[6] else {
            Issue.record("no off")
            return
        }
        #expect(abs(mean - (0.6 + 0.5 + 0.41 + 0.4) / 4) < 1e-6)
    }

    @Test("support divides the odds of both thresholds by its exponential, and leaves the times")
    func support() throws {
        let settings = try HysteresisSettings(on: 0.5, off: 0.2, minimumOn: 30, minimumOff: 150)
        #expect(settings.supported(by: 0) == settings)
        let lower = settings.supported(by: 1), higher = settings.supported(by: -1)
        #expect(abs(lower.on - 1 / (1 + Float(M_E))) < 1e-6 && abs(higher.on - 1 / (1 + exp(-1))) < 1e-6)
        #expect(abs(lower.off / (1 - lower.off) * Float(M_E) - 0.25) < 1e-6)
        #expect(lower.minimumOn == 30 && higher.minimumOff == 150)
        // A threshold that nothing but certainty reaches stays where it is.
        #expect(try HysteresisSettings(on: 1, off: 1).supported(by: 1).on == 1)
    }

    @Test("does not flicker between the thresholds") func flicker() throws {
        #expect(try changes([0.6] + Array(repeating: [0.45, 0.55], count: 50).flatMap { $0 }).count == 1)
        #expect(try changes(Array(repeating: [0.45, 0.55], count: 50).flatMap { $0 }).isEmpty)
    }

    @Test("believes a beginning after its minimum time, rounded up to frames, and no shorter segment") func minimumOn()
        throws
    {
        #expect(try changes([0.9, 0.9, 0.9, 0], minimumOn: 40).isEmpty)
        #expect(try changes([0.9, 0.9, 0.9, 0.9], minimumOn: 40).keys.sorted() == [3])
        #expect(try changes([0.9, 0.9, 0.9, 0.9], minimumOn: 31).keys.sorted() == [3])
        #expect(try changes([0.9, 0, 0.9, 0.9, 0.5, 0.5], minimumOn: 40).keys.sorted() == [5])
    }

    @Test("believes an ending after its minimum time; a shorter gap never shows") func minimumOff() throws {
        #expect(try changes([0.9, 0, 0, 0.9, 0.9], minimumOff: 30).keys.sorted() == [0])
        #expect(try changes([0.9, 0, 0, 0, 0.9], minimumOff: 30).keys.sorted() == [0, 3, 4])
        #expect(try changes([0.9, 0, 0.5, 0.5, 0.5], minimumOff: 30).keys.sorted() == [0, 3])
    }

    @Test("takes NaN and what is out of range for what is nearest") func nonsense() throws {
        #expect(try changes([.nan, -.infinity, .nan]).isEmpty)
        #expect(try changes([.infinity, .nan]).keys.sorted() == [0, 1])
    }

    @Test("is forced off once, and not when it is off") func forced() throws {
        let settings = try HysteresisSettings(on: 0.5, off: 0.5)
        var state = InstrumentHysteresis()
        #expect(state.forceOff() == nil)
        #expect(state.step(0.7, settings: settings, frameRate: frameRate) == .on(confidence: 0.7))
        #expect(state.forceOff() == .off(confidence: 0.7))
        #expect(state.forceOff() == nil)
        #expect(state == InstrumentHysteresis())
    }

    @Test(
        "settings that are nonsense cannot be made",
        arguments: [
            (0, 0, 0, 0), (1.1, 0.5, 0, 0), (0.5, 0.6, 0, 0), (0.5, 0, 0, 0), (.nan, 0.5, 0, 0), (0.5, .nan, 0, 0),
            (0.5, 0.4, -1, 0), (0.5, 0.4, 0, 60_001), (0.5, 0.4, .nan, 0), (0.5, 0.4, 0, .infinity),
        ] as [(Float, Float, Double, Double)])
    func refused(_ on: Float, _ off: Float, _ minimumOn: Double, _ minimumOff: Double) {
        #expect(throws: EventsError.self) {
            try HysteresisSettings(on: on, off: off, minimumOn: minimumOn, minimumOff: minimumOff)
        }
    }

    @Test("a gate opens at its level, shuts below its hysteresis after its hold, and takes NaN for silence") func gate()
        throws
    {
        let settings = try LevelGate.Settings(open: -60, hysteresis: 6, hold: 30)
        var gate = LevelGate()
        var floor = NoiseFloor(frameRate: frameRate)
        floor.step(-20, highest: -55, isHeard: false)
        func opens(_ levels: [Float]) -> [Bool] {
            levels.map { gate.step($0, over: floor, settings: settings, frameRate: frameRate) }
        }
        #expect(opens([-61, -60, -63, -66]) == [false, true, true, true])
        #expect(opens([-67, -90, -67, -65, -67, -67, -67, -67]) == [true, true, true, true, true, true, true, false])
        #expect(opens([-65, .nan, -.infinity]) == [false, false, false])
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: 1) }
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: .nan) }
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: -60, hysteresis: -1) }
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: -60, hold: .nan) }
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: -60, aboveFloor: 41) }
        #expect(throws: EventsError.self) { try LevelGate.Settings(open: -60, highestFloor: .nan) }
    }

    @Test("smoothing reaches 63 % after its time constant, whatever the frame rate, and 0 passes through")
    func smoothing() {
        for rate in [50.0, 100, 400] {
            var smoother = ActivitySmoother(count: 2, milliseconds: 200, frameRate: rate)
            for _ in 0..<Int(rate / 5) { smoother.step([1, .nan]) }
            #expect(abs(smoother.levels[0] - 0.632) < 0.001)
            #expect(smoother.levels[1] == 0)
        }
        var through = ActivitySmoother(count: 2, milliseconds: 0, frameRate: 100)
        through.step([0.3, 7])
        #expect(through.levels == [0.3, 1])
    }
}
