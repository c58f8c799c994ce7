// How well scores put what is present above what is absent, whatever the threshold.

/// Labels and scores of one class, and scikit-learn's two figures of them.
public struct Ranking: Equatable, Sendable {
    /// Whether the class is present, for each item.
    public private(set) var labels: [Bool] = []
    /// Its score, for each item.
    public private(set) var scores: [Double] = []

    /// A ranking of nothing.
    public init() {}

    /// A ranking of as many items as both lists have.
    public init(labels: [Bool], scores: [Double]) {
        for (label, score) in zip(labels, scores) { append(label, score) }
    }

    /// Adds an item.
    public mutating func append(_ label: Bool, _ score: Double) {
        labels.append(label)
        scores.append(score)
    }

    /// Adds the items of another part.
    public mutating func append(_ other: Ranking) {
        labels += other.labels
        scores += other.scores
    }

    /// Items that are present.
    public var positives: Int { labels.count { $0 } }
    /// Items that are absent.
    public var negatives: Int { labels.count - positives }

    /// `average_precision_score`: the sum of (R_n - R_(n-1)) P_n over the distinct scores from the highest down; nil
    /// when nothing is present.
    public var averagePrecision: Double? {
        let positives = Double(positives)
        guard positives > 0 else { return nil }
        var sum = 0.0
        walk { step in
            sum += Double(step.hits - step.hitsBefore) / positives * Double(step.hits) / Double(step.called)
        }
        return sum
    }

    /// `roc_auc_score`: the share of pairs of a present and an absent item in which the present one scores higher,
    /// ties counting half; nil when one of the two is lacking.
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

    /// One distinct score: how many items, and how many of them present, have it or more, with and without it.
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

    /// Counts when every item with at least this score is called present.
    public func counts(atLeast threshold: Double) -> Counts {
        Segments.compare(reference: labels, heard: scores.map { $0 >= threshold })
    }
}
