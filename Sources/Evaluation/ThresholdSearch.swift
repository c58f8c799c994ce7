// Finds the threshold with the best F1 among fixed candidates.

/// Collects scores of one class and finds the candidate with the best F1, as Hung & Yang (2018) do: an item is
/// positive when its score is above the candidate, and the first maximum is used.
///
/// Only a histogram over the candidates is stored, so the size does not depend on the number of frames, and separately
/// collected parts can be added.
public struct ThresholdSearch: Equatable, Sendable {
    /// 0.01, 0.02, ..., 0.99.
    public static let candidates = (1...99).map { Double($0) / 100 }

    /// A candidate and its result.
    public struct Best: Equatable, Sendable {
        /// The threshold.
        public var threshold: Double
        /// The counts at this threshold.
        public var counts: Counts
        /// F-beta of the counts.
        public var score: Double
    }

    /// In ascending order.
    public let candidates: [Double]
    /// Number of present and absent items that exceed exactly this many candidates.
    private var present: [Int]
    private var absent: [Int]

    /// Creates a search among candidates in ascending order.
    public init(candidates: [Double] = Self.candidates) {
        self.candidates = candidates
        present = [Int](repeating: 0, count: candidates.count + 1)
        absent = present
    }

    /// Adds an item.
    public mutating func append(_ label: Bool, _ score: Double) {
        var low = 0
        var high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if score > candidates[middle] { low = middle + 1 } else { high = middle }
        }
        if label { present[low] += 1 } else { absent[low] += 1 }
    }

    /// Adds the items of another search with the same candidates.
    public mutating func append(_ other: ThresholdSearch) {
        for index in present.indices {
            present[index] += other.present[index]
            absent[index] += other.absent[index]
        }
    }

    /// Whether there is any present item.
    public var hasPositives: Bool { present.contains { $0 > 0 } }
    /// Whether there is any absent item.
    public var hasNegatives: Bool { absent.contains { $0 > 0 } }

    /// Returns the first candidate with the highest F-beta; nil when no item is present or there are no candidates.
    /// With a `beta` below 1, precision has more weight than recall.
    public func best(beta: Double = 1) -> Best? {
        let positives = present.reduce(0, +)
        guard positives > 0 else { return nil }
        var hits = positives - present[0]
        var alarms = absent.dropFirst().reduce(0, +)
        var best: Best?
        for (index, candidate) in candidates.enumerated() {
            let counts = Counts(hits: hits, falseAlarms: alarms, misses: positives - hits)
            let square = beta * beta
            let score = (1 + square) * Double(hits) / (Double(hits + alarms) + square * Double(positives))
            if best.map({ score > $0.score }) ?? true {
                best = Best(threshold: candidate, counts: counts, score: score)
            }
            hits -= present[index + 1]
            alarms -= absent[index + 1]
        }
        return best
    }
}
