// How long to wait before something lost is tried again.

/// Capped exponential delays with jitter, so that many listeners do not knock in step. A pure value.
public struct Backoff: Equatable, Sendable {
    /// First delay, in milliseconds.
    public let initial: Int
    /// Longest delay before jitter, in milliseconds.
    public let maximum: Int
    private var next: Int
    private var random: SplitMix64

    /// Creates a backoff; delays vary by a quarter up and down, as `seed` has it.
    public init(initial: Int, maximum: Int, seed: UInt64) {
        precondition(initial > 0 && maximum >= initial)
        self.initial = initial
        self.maximum = maximum
        next = initial
        random = SplitMix64(seed)
    }

    /// The delay before the next attempt, in milliseconds, at least 1.
    public mutating func delay() -> Int {
        let delay = next
        next = min(maximum, next * 2)
        let spread = Int.random(in: 0...delay / 2, using: &random) - delay / 4
        return max(1, delay + spread)
    }

    /// Begins again with the first delay: it has run well.
    public mutating func reset() {
        next = initial
    }
}
