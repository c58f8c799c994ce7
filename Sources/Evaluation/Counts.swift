// Counts of hits and errors, and the three figures computed from them.

/// True positives, false positives and false negatives of one class.
public struct Counts: Equatable, Sendable {
    /// Present and detected.
    public var hits: Int
    /// Detected and not present.
    public var falseAlarms: Int
    /// Present and not detected.
    public var misses: Int

    /// Creates counts.
    public init(hits: Int = 0, falseAlarms: Int = 0, misses: Int = 0) {
        self.hits = hits
        self.falseAlarms = falseAlarms
        self.misses = misses
    }

    /// Fraction of the detections that are present; 0 without detections.
    public var precision: Double { hits + falseAlarms == 0 ? 0 : Double(hits) / Double(hits + falseAlarms) }
    /// Fraction of the present items that are detected; 0 when none is present.
    public var recall: Double { hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses) }
    /// Harmonic mean of precision and recall, 0 when both are 0.
    public var f1: Double { hits == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + falseAlarms + misses) }

    /// Whether the class is present at all: a mean over classes excludes the others.
    public var isDefined: Bool { hits + misses > 0 }

    /// Returns the sum of two counts.
    public static func + (left: Counts, right: Counts) -> Counts {
        Counts(
            hits: left.hits + right.hits, falseAlarms: left.falseAlarms + right.falseAlarms,
            misses: left.misses + right.misses)
    }

    /// Adds other counts.
    public static func += (left: inout Counts, right: Counts) { left = left + right }
}

/// Counts of one class by time.
public struct FrameCounts: Equatable, Sendable {
    /// Counts in segments of a hop, the resolution of the events.
    public var hop = Counts()
    /// Counts in segments of 104 ms, as in Hung & Yang (2018).
    public var block = Counts()
    /// Counts in segments of one second.
    public var second = Counts()

    /// Creates counts of no frames.
    public init() {}

    /// Adds other counts.
    public static func += (left: inout FrameCounts, right: FrameCounts) {
        left.hop += right.hop
        left.block += right.block
        left.second += right.second
    }
}
