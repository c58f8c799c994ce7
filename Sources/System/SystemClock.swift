// The system's clocks in nanoseconds.

import Glibc

/// Reads the kernel's clocks through the vDSO, without a system call, so the capture thread may use them.
public enum SystemClock {
    /// Nanoseconds of a clock that never jumps and does not advance while the machine is suspended.
    public static var monotonic: Int64 { read(CLOCK_MONOTONIC) }
    /// `monotonic` in whole milliseconds.
    public static var monotonicMilliseconds: Int64 { monotonic / 1_000_000 }
    /// `monotonic` in seconds.
    public static var monotonicSeconds: Double { Double(monotonic) * 1e-9 }
    /// Like `monotonic`, but it advances while the machine is suspended.
    public static var boot: Int64 { read(CLOCK_BOOTTIME) }
    /// Nanoseconds of wall time (UTC) since 1970; it jumps when the clock is set.
    public static var wall: Int64 { read(CLOCK_REALTIME) }

    /// Sleeps for approximately this many nanoseconds; a signal may end it early.
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
