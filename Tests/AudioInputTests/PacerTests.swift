// Promise 15: a paced source keeps its pace after days and years.

import Testing

@testable import AudioInput

@Suite("Pacer") struct PacerTests {
    /// A clock that the test moves by hand, in nanoseconds.
    private func run(rate: Int, from start: Int64, after days: Int64) {
        let now = start + days * 86_400 * 1_000_000_000
        var pacer = Pacer(sampleRate: rate, at: start)
        // As many frames as the days have, in the steps of a device that is never late.
        let granted = pacer.due(.max, at: now)
        #expect(abs(Double(granted) - Double(days) * 86_400 * Double(rate)) <= 1)
        pacer.take(granted)
        #expect(pacer.due(256, at: now) == 0)
        let wait = pacer.untilReady(256, at: now)
        #expect(abs(Double(wait) - 256e9 / Double(rate)) <= 2, "\(days) days at \(rate) Hz")
        #expect(pacer.due(256, at: now + wait + 1) == 256)
    }

    @Test("Promise 15: after 2, 3 and 14 days, and after ten years, the next frames are due in time")
    func years() {
        for rate in [8000, 44_100, 48_000, 192_000, 384_000] {
            for days: Int64 in [0, 1, 2, 3, 14, 3660] {
                run(rate: rate, from: 0, after: days)
                // A machine that has been up for ten years already.
                run(rate: rate, from: 3660 * 86_400 * 1_000_000_000, after: days)
            }
        }
    }
}
