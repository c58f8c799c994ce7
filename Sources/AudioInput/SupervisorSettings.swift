// The deadlines and delays of a supervisor.

/// The time limits of a `SourceSupervisor`. All times are in milliseconds.
public struct SupervisorSettings: Equatable, Sendable {
    /// A source without a first frame for this long after its opening is stalled. The value is large, because the
    /// monitor of a PulseAudio null sink takes two seconds.
    public var startWithin: Int
    /// A source without a further frame for this long is stalled, whatever it reports.
    public var stallAfter: Int
    /// Delay before the first new attempt.
    public var firstRetry: Int
    /// Longest delay between attempts.
    public var longestRetry: Int
    /// After a source has run for this long, the next delay is the first one again.
    public var settledAfter: Int

    /// Creates settings; the retry delays double from `firstRetry` to `longestRetry`.
    public init(
        startWithin: Int = 5_000, stallAfter: Int = 1_500, firstRetry: Int = 100, longestRetry: Int = 5_000,
        settledAfter: Int = 5_000
    ) {
        precondition(
            startWithin > 0 && stallAfter > 0 && firstRetry > 0 && longestRetry >= firstRetry && settledAfter >= 0)
        self.startWithin = startWithin
        self.stallAfter = stallAfter
        self.firstRetry = firstRetry
        self.longestRetry = longestRetry
        self.settledAfter = settledAfter
    }
}
