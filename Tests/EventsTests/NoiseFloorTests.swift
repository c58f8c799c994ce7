// The noise floor of a room, followed from levels alone.

import TestSupport
import Testing

@testable import Events

@Suite("The noise floor") struct NoiseFloorTests {
    private let rate = 100.0

    /// Feeds levels and gives the floor behind each.
    private func follow(
        _ floor: inout NoiseFloor, _ levels: [Float], isHeard: Bool = false
    ) -> [Float?] {
        levels.map { level in
            floor.step(level, highest: -55, isHeard: isHeard)
            return floor.level
        }
    }

    private func steady(_ level: Float, seconds: Double, spread: Float = 1, seed: UInt64 = 1) -> [Float] {
        var generator = SeededGenerator(seed)
        return (0..<Int(seconds * rate)).map { _ in
            level + Float.random(in: -spread / 2...spread / 2, using: &generator)
        }
    }

    @Test("is known after half a second of a stream that begins with it, and not before") func beginning() {
        var floor = NoiseFloor(frameRate: rate)
        let levels = follow(&floor, steady(-70, seconds: 0.6))
        #expect(levels[..<49].allSatisfy { $0 == nil } && levels[49] != nil)
        #expect(abs((floor.level ?? 0) + 70) < 1 && !floor.isJudging)
    }

    @Test("falls at once, and rises by 3 dB a second once five seconds were steady") func rising() throws {
        var floor = NoiseFloor(frameRate: rate)
        _ = follow(&floor, steady(-80, seconds: 2))
        let known = try #require(floor.level)
        let risen = follow(&floor, steady(-65, seconds: 12)).compactMap { $0 }
        #expect(risen[..<430].allSatisfy { abs($0 - known) < 0.5 })
        #expect(zip(risen, risen.dropFirst()).allSatisfy { $1 - $0 < 0.0301 })
        #expect(abs((risen.last ?? 0) + 65.3) < 0.7)
        _ = follow(&floor, steady(-80, seconds: 1))
        #expect(abs((floor.level ?? 0) + 80) < 1)
    }

    @Test("is never what is louder than the highest, however long it is held") func loud() {
        var floor = NoiseFloor(frameRate: rate)
        #expect(follow(&floor, steady(-50, seconds: 600, spread: 0)).allSatisfy { $0 == nil })
        #expect(!floor.isJudging)
    }

    @Test("is not learned while something is heard, and a known one rises by 3 dB a minute") func held() throws {
        var floor = NoiseFloor(frameRate: rate)
        floor.step(-30, highest: -55, isHeard: true)
        #expect(follow(&floor, steady(-60, seconds: 60), isHeard: true).allSatisfy { $0 == nil })
        floor = NoiseFloor(frameRate: rate)
        _ = follow(&floor, steady(-80, seconds: 2))
        let known = try #require(floor.level)
        _ = follow(&floor, steady(-60, seconds: 65), isHeard: true)
        #expect(abs((floor.level ?? 0) - known - 3) < 0.3)
    }

    @Test("is not learned from what varies, as music does") func music() {
        var floor = NoiseFloor(frameRate: rate)
        let notes = (0..<6000).map { Float(-60 - 10 * Double($0 % 80) / 80) }
        #expect(follow(&floor, notes).allSatisfy { $0 == nil })
    }

    @Test("does not heed digital silence or NaN, and outlasts a gap") func silence() throws {
        var floor = NoiseFloor(frameRate: rate)
        _ = follow(&floor, Array(repeating: -120, count: 500))
        #expect(floor.level == nil && floor.isJudging)
        _ = follow(&floor, steady(-70, seconds: 1))
        let known = try #require(floor.level)
        _ = follow(&floor, [-120, .nan, -.infinity])
        #expect(floor.level == known)
        floor.reset()
        #expect(floor.level == known && !floor.isJudging)
        _ = follow(&floor, steady(-70, seconds: 4))
        #expect(floor.level.map { abs($0 - known) < 0.7 } == true)
    }

    @Test("raises the gate above itself, and the gate shuts no closer than a third of that") func gate() throws {
        var floor = NoiseFloor(frameRate: rate)
        _ = follow(&floor, steady(-70, seconds: 1, spread: 0))
        let settings = try LevelGate.Settings(open: -85, hysteresis: 6, hold: 0, aboveFloor: 9)
        #expect(settings.opening(over: floor) == -61 && settings.shutting(over: floor) == -67)
        let wide = try LevelGate.Settings(open: -85, hysteresis: 20, aboveFloor: 9)
        #expect(wide.shutting(over: floor) == -67)
        let absolute = try LevelGate.Settings(open: -40, hysteresis: 6, aboveFloor: 9)
        #expect(absolute.opening(over: floor) == -40 && absolute.shutting(over: floor) == -46)
        let without = try LevelGate.Settings(open: -85, hysteresis: 6, aboveFloor: 0)
        #expect(without.opening(over: floor) == -85 && without.shutting(over: floor) == -91)
        // At the very beginning only what can be no floor is sound.
        let beginning = NoiseFloor(frameRate: rate)
        #expect(settings.opening(over: beginning) == -55 && settings.shutting(over: beginning) == -91)
    }
}
