// The content of a `lagged` line.

/// The consumer read too slowly: the lines numbered `from` to `to` were not sent to it. A snapshot follows.
public struct Lagged: Equatable, Sendable {
    /// The number of missing lines: `to - from + 1`.
    public var skipped: Int64
    /// `seq` of the first missing line.
    public var from: Int64
    /// `seq` of the last missing line; this line has the next number.
    public var to: Int64

    /// Creates the line's content.
    public init(skipped: Int64, from: Int64, to: Int64) {
        self.skipped = skipped
        self.from = from
        self.to = to
    }
}
