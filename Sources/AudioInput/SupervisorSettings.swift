// The deadlines and delays of a supervisor.

/// How patient a `SourceSupervisor` is. All times in milliseconds.
public struct SupervisorSettings: Equatable, Sendable {
    /// Without a first frame for this long after its opening a source is stalled. Generous, for the monitor of a
    /// PulseAudio null sink takes two seconds.
    public var startWithin: Int
    /// Without a further frame for this long a source is stalled, whatever it says of itself.
    public var stallAfter: Int
    /// Delay before the first new attempt.
    public var firstRetry: Int
    /// Longest delay between attempts.
    public var longestRetry: Int
    /// A source that ran this long gets its first delay again.
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
