// Converts between frames and time without overflow for years.

/// Converts between counts of frames and nanoseconds. Whole seconds and the rest are converted separately, so that no
/// product overflows: at 384 kHz 64 bits hold 761,000 years of frames and 292 years of nanoseconds.
public enum FrameTime {
    private static let second: Int64 = 1_000_000_000

    /// Returns the duration of `frames` at `rate` frames per second, in nanoseconds, rounded down.
    public static func nanoseconds(of frames: Int64, rate: Int) -> Int64 {
        let (seconds, rest) = frames.quotientAndRemainder(dividingBy: Int64(max(1, rate)))
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: second)
        guard !overflows else { return frames < 0 ? .min : .max }
        return whole &+ rest * second / Int64(max(1, rate))
    }

    /// Returns the number of frames in `nanoseconds` at `rate` frames per second, rounded down.
    public static func frames(in nanoseconds: Int64, rate: Int) -> Int64 {
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: second)
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: Int64(max(1, rate)))
        guard !overflows else { return nanoseconds < 0 ? .min : .max }
        return whole + rest * Int64(max(1, rate)) / second
    }
}
