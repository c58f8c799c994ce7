// A glimpse of a recurrent attention model.

/// The centre of one glimpse, within its window.
public struct Glimpse: BitwiseCopyable, Equatable, Sendable {
    /// Frame of 10 ms from the beginning of the window.
    public var frame: Int
    /// Mel band, lowest first.
    public var band: Int

    /// Creates a position.
    public init(frame: Int, band: Int) {
        self.frame = frame
        self.band = band
    }
}
