// Turns positions of a stream into seconds and wall time.

/// The clock of one stream. The count of frames is the only truth; wall time is an anchor taken once per segment
/// of the stream and taken again after a gap, so that a step of the machine's clock never moves an event.
public struct StreamClock: Equatable, Sendable {
    /// Samples per second, the model's rate.
    public let rate: Int
    private var anchor: (frame: Int64, wall: WallTime)?

    /// Creates the clock of a stream at `rate` samples per second, with no wall time yet.
    public init(rate: Int) {
        self.rate = max(1, rate)
    }

    /// Ties `frame` to a wall time; called when the stream begins and after every gap.
    public mutating func setAnchor(frame: Int64, wall: WallTime) {
        anchor = (frame, wall)
    }

    /// Seconds of this many frames.
    public func seconds(_ frames: Int64) -> Double { Double(frames) / Double(rate) }

    /// The moment at which `frame` stands.
    public func time(at frame: Int64) -> StreamTime {
        let wall = anchor.map { anchor in
            let passed = frame - anchor.frame
            let (whole, rest) = passed.quotientAndRemainder(dividingBy: Int64(rate))
            return WallTime(
                nanoseconds: anchor.wall.nanoseconds + whole * 1_000_000_000 + rest * 1_000_000_000 / Int64(rate))
        }
        return StreamTime(frame: frame, seconds: seconds(frame), wall: wall)
    }

    /// Clocks are equal when they show the same time at every frame.
    public static func == (a: StreamClock, b: StreamClock) -> Bool {
        a.rate == b.rate && a.anchor?.frame == b.anchor?.frame && a.anchor?.wall == b.anchor?.wall
    }
}

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
