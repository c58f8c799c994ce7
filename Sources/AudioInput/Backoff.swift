// How long to wait before a lost source is tried again.

/// Capped exponential delays with jitter, so that many listeners do not knock in step. A pure value.
public struct Backoff: Equatable, Sendable {
    /// First delay, in milliseconds.
    public let initial: Int
    /// Longest delay before jitter, in milliseconds.
    public let maximum: Int
    private var next: Int
    private var random: UInt64

    /// Creates a backoff; delays vary by a quarter up and down, as `seed` has it.
    public init(initial: Int, maximum: Int, seed: UInt64) {
        precondition(initial > 0 && maximum >= initial)
        self.initial = initial
        self.maximum = maximum
        next = initial
        random = seed
    }

    /// The delay before the next attempt, in milliseconds, at least 1.
    public mutating func delay() -> Int {
        let delay = next
        next = min(maximum, next * 2)
        // Knuth's MMIX generator; its high bits are the good ones.
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let spread = Int(random >> 33) % (delay / 2 + 1) - delay / 4
        return max(1, delay + spread)
    }

    /// Begins again with the first delay: the source has run well.
    public mutating func reset() {
        next = initial
    }
}
