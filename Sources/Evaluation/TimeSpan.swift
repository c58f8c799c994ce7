// Time spans and their unions.

/// A time span in seconds.
public struct TimeSpan: Equatable, Sendable {
    /// The beginning.
    public var start: Double
    /// The end; not before `start`.
    public var end: Double

    /// Creates a time span.
    public init(_ start: Double, _ end: Double) {
        self.start = start
        self.end = end
    }

    /// Returns the same spans sorted and without overlaps; pauses shorter than `gap` seconds are filled.
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
