// The clip-level score of AttentionMIC: present and absent have the same weight.

/// Means over the two classes "present" and "absent" of one instrument: "macro avg" in scikit-learn's classification
/// report, which Gururani, Sharma & Lerch (2019) call macro F1.
public struct TwoClassScore: Equatable, Sendable {
    /// Mean precision.
    public let precision: Double
    /// Mean recall.
    public let recall: Double
    /// Mean of the two F1 values.
    public let f1: Double

    /// Computes the score from counts over `total` items; the hits of the absent class are the remaining items.
    public init(_ present: Counts, total: Int) {
        let absent = Counts(
            hits: total - present.hits - present.falseAlarms - present.misses, falseAlarms: present.misses,
            misses: present.falseAlarms)
        // scikit-learn's report has no row for a class without items.
        let rows = [present, absent].filter { $0.hits + $0.misses > 0 || $0.falseAlarms > 0 }
        func mean(_ value: (Counts) -> Double) -> Double {
            rows.isEmpty ? 0 : rows.reduce(0) { $0 + value($1) } / Double(rows.count)
        }
        precision = mean(\.precision)
        recall = mean(\.recall)
        f1 = mean(\.f1)
    }
}
