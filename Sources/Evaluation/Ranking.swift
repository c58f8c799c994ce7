// Threshold-independent figures: how well scores separate present from absent items.

/// Labels and scores of one class, and two figures as scikit-learn defines them.
public struct Ranking: Equatable, Sendable {
    /// Whether the class is present, for each item.
    public private(set) var labels: [Bool] = []
    /// The score of each item.
    public private(set) var scores: [Double] = []

    /// Creates an empty ranking.
    public init() {}

    /// Creates a ranking of the items that both lists have.
    public init(labels: [Bool], scores: [Double]) {
        for (label, score) in zip(labels, scores) { append(label, score) }
    }

    /// Appends an item.
    public mutating func append(_ label: Bool, _ score: Double) {
        labels.append(label)
        scores.append(score)
    }

    /// Appends the items of another ranking.
    public mutating func append(_ other: Ranking) {
        labels += other.labels
        scores += other.scores
    }

    /// Number of present items.
    public var positives: Int { labels.count { $0 } }
    /// Number of absent items.
    public var negatives: Int { labels.count - positives }

    /// `average_precision_score`: the sum of (R_n - R_(n-1)) P_n over the distinct scores in descending order; nil
    /// when no item is present.
    public var averagePrecision: Double? {
        let positives = Double(positives)
        guard positives > 0 else { return nil }
        var sum = 0.0
        walk { step in
            sum += Double(step.hits - step.hitsBefore) / positives * Double(step.hits) / Double(step.called)
        }
        return sum
    }

    /// `roc_auc_score`: the fraction of pairs of a present and an absent item in which the present one has the higher
    /// score, with ties counted as half; nil when one of the two is missing.
    public var area: Double? {
        let (positives, negatives) = (Double(positives), Double(negatives))
        guard positives > 0, negatives > 0 else { return nil }
        var sum = 0.0
        walk { step in
            let falseBefore = Double(step.calledBefore - step.hitsBefore)
            let falseHere = Double(step.called - step.hits) - falseBefore
            sum += Double(step.hits - step.hitsBefore) * (negatives - falseBefore - falseHere / 2)
        }
        return sum / (positives * negatives)
    }

    /// One distinct score: the number of items, and of present items, with at least this score and with a higher one.
    private struct Step {
        var called = 0, hits = 0, calledBefore = 0, hitsBefore = 0
    }

    private func walk(_ visit: (Step) -> Void) {
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var step = Step()
        for (rank, index) in order.enumerated() {
            step.called += 1
            if labels[index] { step.hits += 1 }
            let isLast = rank + 1 == order.count || scores[order[rank + 1]] < scores[index]
            guard isLast else { continue }
            visit(step)
            (step.calledBefore, step.hitsBefore) = (step.called, step.hits)
        }
    }

    /// Returns the counts when every item with at least this score counts as present.
    public func counts(atLeast threshold: Double) -> Counts {
        Segments.compare(reference: labels, heard: scores.map { $0 >= threshold })
    }
}
