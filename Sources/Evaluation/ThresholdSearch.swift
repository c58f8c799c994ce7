// The search for the threshold of best F1 among fixed candidates.

/// Collects scores of one class and finds the candidate of best F1, as Hung & Yang (2018) do: positive where the score
/// is above the candidate, the first maximum wins.
///
/// Only a histogram over the candidates is kept, so an hour of frames costs no more than a second, and parts collected
/// apart can be added.
public struct ThresholdSearch: Equatable, Sendable {
    /// 0.01, 0.02, ..., 0.99.
    public static let candidates = (1...99).map { Double($0) / 100 }

    /// A candidate and what it gives.
    public struct Best: Equatable, Sendable {
        /// The threshold.
        public var threshold: Double
        /// What it finds.
        public var counts: Counts
        /// F-beta of the counts.
        public var score: Double
    }

    /// In ascending order.
    public let candidates: [Double]
    /// How many present and absent items pass exactly this many candidates.
    private var present: [Int]
    private var absent: [Int]

    /// A search among candidates in ascending order.
    public init(candidates: [Double] = Self.candidates) {
        self.candidates = candidates
        present = [Int](repeating: 0, count: candidates.count + 1)
        absent = present
    }

    /// Takes an item.
    public mutating func append(_ label: Bool, _ score: Double) {
        var low = 0
        var high = candidates.count
        while low < high {
            let middle = (low + high) / 2
            if score > candidates[middle] { low = middle + 1 } else { high = middle }
        }
        if label { present[low] += 1 } else { absent[low] += 1 }
    }

    /// Takes the items of another search among the same candidates.
    public mutating func append(_ other: ThresholdSearch) {
        for index in present.indices {
            present[index] += other.present[index]
            absent[index] += other.absent[index]
        }
    }

    /// Whether anything present was seen.
    public var hasPositives: Bool { present.contains { $0 > 0 } }
    /// Whether anything absent was seen.
    public var hasNegatives: Bool { absent.contains { $0 > 0 } }

    /// The first candidate of the highest F-beta; nil when nothing is present or there are no candidates. With a `beta`
    /// below 1 precision counts more than recall.
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
