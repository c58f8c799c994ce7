// A stretch of time, and unions of stretches.

/// A stretch of time in seconds.
public struct TimeSpan: Equatable, Sendable {
    /// Where it begins.
    public var start: Double
    /// Where it ends; not before `start`.
    public var end: Double

    /// Creates a stretch.
    public init(_ start: Double, _ end: Double) {
        self.start = start
        self.end = end
    }

    /// The same time without overlaps, in order; pauses shorter than `gap` seconds are filled.
    public static func union(_ spans: [TimeSpan], closing gap: Double = 0) -> [TimeSpan] {
        var result: [TimeSpan] = []
        for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = result.indices.last, span.start <= result[last].end || span.start - result[last].end < gap {
                result[last].end = max(result[last].end, span.end)
            } else {
                result.append(span)
            }
        }
        return result
    }
}
