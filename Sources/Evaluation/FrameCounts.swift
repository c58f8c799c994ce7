// Frame-wise counts at the three resolutions.

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
