// Releases frames at the speed of a clock, for sources without their own clock.

import AudioCore
import System

/// Computes the number of frames that are due. A value type for one thread; it sleeps and never spins.
struct Pacer {
    private let sampleRate: Int
    private let began: Int64
    private var granted: Int64 = 0

    /// Starts the clock at `now`, in nanoseconds of the monotonic clock.
    init(sampleRate: Int, at now: Int64 = SystemClock.monotonic) {
        self.sampleRate = sampleRate
        began = now
    }

    /// Waits until a device would have `wanted` frames ready, at most `timeout` milliseconds; returns the number of
    /// frames that may be read now, 0 if none.
    mutating func wait(for wanted: Int, timeout: Int) -> Int {
        SystemClock.sleep(
            nanoseconds: min(untilReady(wanted, at: SystemClock.monotonic), Int64(timeout) * 1_000_000))
        return due(wanted, at: SystemClock.monotonic)
    }

    /// Returns the nanoseconds from `now` until a device would have `wanted` frames ready; 0 or less when it has.
    func untilReady(_ wanted: Int, at now: Int64) -> Int64 {
        FrameTime.nanoseconds(of: granted + Int64(wanted), rate: sampleRate) - (now - began)
    }

    /// Returns how many of `wanted` frames may be read at `now`.
    func due(_ wanted: Int, at now: Int64) -> Int {
        let due = FrameTime.frames(in: now - began, rate: sampleRate) - granted
        return Int(max(0, min(Int64(wanted), due)))
    }

    /// Counts frames that were read.
    mutating func take(_ frames: Int) {
        granted += Int64(frames)
    }
}
