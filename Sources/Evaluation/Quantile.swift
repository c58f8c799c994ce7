// Medians and percentiles.

/// Quantiles of a sample.
public enum Quantile {
    /// Returns the quantile at `share` (0...1) with linear interpolation between neighbours, like NumPy's
    /// `percentile`; nil for an empty sample.
    public static func of(_ values: [Double], _ share: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let position = min(max(share, 0), 1) * Double(sorted.count - 1)
        let low = Int(position)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (position - Double(low)) * (sorted[high] - sorted[low])
    }
}
