// The delay before a lost connection is tried again.

/// Capped exponential delays with jitter, so that many clients do not retry at the same time. A pure value.
public struct Backoff: Equatable, Sendable {
    /// First delay, in milliseconds.
    public let initial: Int
    /// Longest delay before jitter, in milliseconds.
    public let maximum: Int
    private var next: Int
    private var random: SplitMix64

    /// Creates a backoff; delays vary by up to a quarter in both directions, depending on `seed`.
    public init(initial: Int, maximum: Int, seed: UInt64) {
        precondition(initial > 0 && maximum >= initial)
        self.initial = initial
        self.maximum = maximum
        next = initial
        random = SplitMix64(seed)
    }

    /// Returns the delay before the next attempt, in milliseconds, at least 1.
    public mutating func delay() -> Int {
        let delay = next
        next = min(maximum, next * 2)
        let spread = Int.random(in: 0...delay / 2, using: &random) - delay / 4
        return max(1, delay + spread)
    }

    /// Starts again with the first delay, after a successful run.
    public mutating func reset() {
        next = initial
    }
}
