// Confidence intervals by resampling recordings.

import AudioCore

/// The percentile bootstrap of Efron (1979) over recordings. Each round draws as many recordings as there are, with
/// replacement, and uses the same draw for all figures. A difference of two systems on the same set is therefore a
/// paired one.
public struct Bootstrap: Sendable {
    /// A confidence interval.
    public struct Interval: Equatable, Sendable {
        /// The lower and the upper end.
        public let low: Double, high: Double

        /// True when the interval does not contain 0: the difference is larger than is likely by chance.
        public var excludesZero: Bool { low > 0 || high < 0 }
    }

    /// For each round, the number of draws of each recording.
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

    /// Returns the interval that contains `level` of the rounds' figures; nil when fewer than half of the rounds have
    /// a figure.
    ///
    /// - Parameter figure: computes the figure from the number of draws of each recording; returns nil where it is
    ///   undefined.
    public func interval(level: Double = 0.95, _ figure: ([Int]) -> Double?) -> Interval? {
        let values = draws.compactMap(figure)
        let tail = (1 - level) / 2
        guard values.count * 2 >= draws.count, let low = Quantile.of(values, tail),
            let high = Quantile.of(values, 1 - tail)
        else { return nil }
        return Interval(low: low, high: high)
    }
}
