// Hits and misses, and the three figures made of them.

/// True positives, false positives and false negatives of one class.
public struct Counts: Equatable, Sendable {
    /// Present and found.
    public var hits: Int
    /// Found and not present.
    public var falseAlarms: Int
    /// Present and not found.
    public var misses: Int

    /// Creates counts.
    public init(hits: Int = 0, falseAlarms: Int = 0, misses: Int = 0) {
        self.hits = hits
        self.falseAlarms = falseAlarms
        self.misses = misses
    }

    /// Share of what was found that is present; 0 when nothing was found.
    public var precision: Double { hits + falseAlarms == 0 ? 0 : Double(hits) / Double(hits + falseAlarms) }
    /// Share of what is present that was found; 0 when nothing is present.
    public var recall: Double { hits + misses == 0 ? 0 : Double(hits) / Double(hits + misses) }
    /// Harmonic mean of precision and recall, 0 when both are.
    public var f1: Double { hits == 0 ? 0 : 2 * Double(hits) / Double(2 * hits + falseAlarms + misses) }

    /// Whether the class is present at all: a mean over classes leaves the others out.
    public var isDefined: Bool { hits + misses > 0 }

    /// Counts of two parts together.
    public static func + (left: Counts, right: Counts) -> Counts {
        Counts(
            hits: left.hits + right.hits, falseAlarms: left.falseAlarms + right.falseAlarms,
            misses: left.misses + right.misses)
    }

    /// Adds the counts of another part.
    public static func += (left: inout Counts, right: Counts) { left = left + right }
}

/// Counts of one class by time.
public struct FrameCounts: Equatable, Sendable {
    /// In segments of a hop, where the events are decided.
    public var hop = Counts()
    /// In segments of 104 ms, as Hung & Yang (2018).
    public var block = Counts()
    /// In segments of a second.
    public var second = Counts()

    /// No frames.
    public init() {}

    /// Adds the counts of another part.
    public static func += (left: inout FrameCounts, right: FrameCounts) {
        left.hop += right.hop
        left.block += right.block
        left.second += right.second
    }
}
