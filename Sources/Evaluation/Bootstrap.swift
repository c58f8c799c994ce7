// Confidence intervals by resampling recordings.

import AudioCore

/// The percentile bootstrap of Efron (1979) over recordings: each round draws as many recordings as there are, with
/// replacement, the same for all figures of a round. So a difference of two systems on the same set is a paired one.
public struct Bootstrap: Sendable {
    /// A confidence interval.
    public struct Interval: Equatable, Sendable {
        /// The lower and the upper end.
        public let low: Double, high: Double

        /// True when 0 lies outside: the difference is more than chance would often give.
        public var excludesZero: Bool { low > 0 || high < 0 }
    }

    /// For each round, how often each recording was drawn.
    private let draws: [[Int]]

    /// Draws `rounds` times from `count` recordings; the same `seed` gives the same draws.
    public init(count: Int, rounds: Int = 1000, seed: UInt64 = 1) {
        var generator = SplitMix64(seed)
        draws = (0..<rounds).map { _ in
            var times = [Int](repeating: 0, count: count)
            for _ in 0..<count { times[Int.random(in: 0..<count, using: &generator)] += 1 }
            return times
        }
    }

    /// The interval that holds `level` of the rounds' figures; nil when fewer than half of the rounds give one.
    ///
    /// - Parameter figure: gets how often each recording was drawn; nil where it is undefined.
    public func interval(level: Double = 0.95, _ figure: ([Int]) -> Double?) -> Interval? {
        let values = draws.compactMap(figure)
        let tail = (1 - level) / 2
        guard values.count * 2 >= draws.count, let low = Quantile.of(values, tail),
            let high = Quantile.of(values, 1 - tail)
        else { return nil }
        return Interval(low: low, high: high)
    }
}
