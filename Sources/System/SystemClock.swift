// The clocks of the machine as whole nanoseconds.

import Glibc

/// Readings of the kernel's clocks. All of them are answered by the vDSO: no system call, safe on the capture thread.
public enum SystemClock {
    /// Nanoseconds of a clock that never jumps and stops while the machine sleeps.
    public static var monotonic: Int64 { read(CLOCK_MONOTONIC) }
    /// `monotonic` in whole milliseconds.
    public static var monotonicMilliseconds: Int64 { monotonic / 1_000_000 }
    /// `monotonic` in seconds.
    public static var monotonicSeconds: Double { Double(monotonic) * 1e-9 }
    /// As `monotonic`, but it runs on while the machine sleeps.
    public static var boot: Int64 { read(CLOCK_BOOTTIME) }
    /// Nanoseconds of civil time (UTC) since 1970; it jumps when the clock is set.
    public static var wall: Int64 { read(CLOCK_REALTIME) }

    /// Sleeps for about this many nanoseconds; a signal may end it early.
    public static func sleep(nanoseconds: Int64) {
        guard nanoseconds > 0 else { return }
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        nanosleep(&time, nil)
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
