// A moment of a stream.

/// A moment of a stream: its position in samples, the same in seconds, and the wall time when there is one.
public struct StreamTime: Equatable, Sendable {
    /// Samples at the model's rate since the stream began.
    public var frame: Int64
    /// `frame` divided by the rate, in seconds.
    public var seconds: Double
    /// Wall time, from the stream's anchor; `nil` in a replay, where no wall time belongs to the audio.
    public var wall: WallTime?

    /// Creates a moment; ``StreamClock`` is the usual way.
    public init(frame: Int64, seconds: Double, wall: WallTime?) {
        self.frame = frame
        self.seconds = seconds
        self.wall = wall
    }
}
