// Lets frames through at the speed of a clock, for sources that have none of their own.

import AudioCore

/// Counts how many frames are due. A value type for one thread; it sleeps, it never spins.
struct Pacer {
    private let sampleRate: Int
    private let began: Int64
    private var granted: Int64 = 0

    /// Starts the clock now.
    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        began = SystemClock.monotonic
    }

    /// Waits until a device would have `wanted` frames ready, at most `timeout` milliseconds; returns how many of them
    /// may be read now, 0 if none.
    mutating func wait(for wanted: Int, timeout: Int) -> Int {
        let now = SystemClock.monotonic
        let ready = began + (granted + Int64(wanted)) * 1_000_000_000 / Int64(sampleRate)
        SystemClock.sleep(nanoseconds: min(ready - now, Int64(timeout) * 1_000_000))
        let (seconds, rest) = (SystemClock.monotonic - began).quotientAndRemainder(dividingBy: 1_000_000_000)
        let due = seconds * Int64(sampleRate) + rest * Int64(sampleRate) / 1_000_000_000 - granted
        return Int(max(0, min(Int64(wanted), due)))
    }

    /// Counts frames that were read.
    mutating func take(_ frames: Int) {
        granted += Int64(frames)
    }
}
