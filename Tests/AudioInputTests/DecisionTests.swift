// The pure decisions: how long to wait, and whether the clock jumped.

import AudioCore
import Testing

@testable import AudioInput

@Suite("Backoff and clock watch")
struct DecisionTests {
    @Test("delays double up to the cap, within a quarter, and begin again after a reset")
    func backoff() {
        var backoff = Backoff(initial: 100, maximum: 1_000, seed: 5)
        for ideal in [100, 200, 400, 800, 1_000, 1_000] {
            #expect(abs(backoff.delay() - ideal) <= ideal / 4)
        }
        backoff.reset()
        #expect(abs(backoff.delay() - 100) <= 25)
    }

    @Test("different seeds do not wait in step, and the shortest delay is still a delay")
    func jitter() {
        let delays = (UInt64(0)..<20).map { seed in
            var backoff = Backoff(initial: 1_000, maximum: 1_000, seed: seed)
            return backoff.delay()
        }
        #expect(Set(delays).count > 10)
        var shortest = Backoff(initial: 1, maximum: 1, seed: 0)
        for _ in 0..<100 { #expect(shortest.delay() >= 1) }
    }

    @Test("sleep and a set clock are told apart from slewing, and each is told once")
    func clocks() {
        let second: Int64 = 1_000_000_000
        var watch = ClockWatch(monotonic: 5 * second, boot: 5 * second, wall: 1_000 * second)
        #expect(watch.observe(monotonic: 6 * second, boot: 6 * second, wall: 1_001 * second + 40_000_000) == nil)
        #expect(watch.observe(monotonic: 7 * second, boot: 67 * second, wall: 1_062 * second) == .suspend)
        #expect(watch.observe(monotonic: 8 * second, boot: 68 * second, wall: 1_063 * second) == nil)
        #expect(watch.observe(monotonic: 9 * second, boot: 69 * second, wall: 464 * second) == .clockJump)
        #expect(watch.observe(monotonic: 10 * second, boot: 70 * second, wall: 465 * second) == nil)
    }
}
