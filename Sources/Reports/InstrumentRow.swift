// One instrument of a report: its segments, its activity and their figures.

import Annotations

/// The row of one instrument of one stream.
public struct InstrumentRow: Equatable, Sendable {
    /// Its class.
    public var instrument: String
    /// Its family; empty where it is unknown.
    public var family: String
    /// Its segments, in order of time.
    public var segments: [Annotation]
    /// Its smoothed activity, 0...1; empty where the events have none.
    public var activity: Curve

    /// Total duration of its segments, in seconds.
    public var total: Double { segments.reduce(0) { $0 + $1.end - $1.start } }
    /// The longest segment, in seconds.
    public var longest: Double { segments.map { $0.end - $0.start }.max() ?? 0 }
    /// The mean confidence of its segments, weighted by their length; nil where no segment has one.
    public var confidence: Double? {
        let known = segments.filter { $0.confidence != nil }
        let weight = known.reduce(0) { $0 + $1.end - $1.start }
        guard weight > 0 else { return known.first?.confidence }
        return known.reduce(0) { $0 + ($1.confidence ?? 0) * ($1.end - $1.start) } / weight
    }
}
