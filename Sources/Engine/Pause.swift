// How long the analysis sleeps between two hops.

/// Decides how long the analysis thread sleeps when it has no work. The capture thread may not make a system call to
/// wake it, so the analysis predicts the delivery that completes a hop from the time and size of the last ones.
enum Pause {
    /// Shortest pause, in nanoseconds. A delivery that comes later than predicted is polled for at this interval.
    static let shortest: Int64 = 2_000_000
    /// Longest pause, in nanoseconds: marks, and what cannot be predicted, wait no longer.
    static let longest: Int64 = 20_000_000
    /// Time that the capture thread takes to pass a delivery on, in nanoseconds.
    static let handover: Int64 = 300_000
    /// Number of iterations without work after which the sources count as idle.
    static let idleAfter = 100

    /// Returns the nanoseconds to sleep.
    ///
    /// - Parameters:
    ///   - now: nanoseconds of the monotonic clock.
    ///   - due: the time at which a device delivers the end of a hop; `nil` when that is unknown.
    ///   - idle: number of consecutive iterations without work, this one included.
    static func nanoseconds(from now: Int64, due: Int64?, idle: Int) -> Int64 {
        guard idle < idleAfter else { return longest }
        guard let due else { return shortest }
        return min(max(due &+ handover &- now, shortest), longest)
    }
}
