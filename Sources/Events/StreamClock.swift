// Converts positions of a stream to seconds and wall time.

/// The clock of one stream. Time is derived from the frame count. The wall time is an anchor that is set once per
/// segment of the stream and again after a gap, so a step of the system clock never moves an event.
public struct StreamClock: Equatable, Sendable {
    /// Samples per second, the model's rate.
    public let rate: Int
    private var anchor: (frame: Int64, wall: WallTime)?

    /// Creates the clock of a stream at `rate` samples per second, without a wall time.
    public init(rate: Int) {
        self.rate = max(1, rate)
    }

    /// Assigns a wall time to `frame`; called when the stream begins and after every gap.
    public mutating func setAnchor(frame: Int64, wall: WallTime) {
        anchor = (frame, wall)
    }

    /// Converts a number of frames to seconds.
    public func seconds(_ frames: Int64) -> Double { Double(frames) / Double(rate) }

    /// Returns the time of `frame`.
    public func time(at frame: Int64) -> StreamTime {
        let wall = anchor.map { anchor in
            let passed = frame - anchor.frame
            let (whole, rest) = passed.quotientAndRemainder(dividingBy: Int64(rate))
            return WallTime(
                nanoseconds: anchor.wall.nanoseconds + whole * 1_000_000_000 + rest * 1_000_000_000 / Int64(rate))
        }
        return StreamTime(frame: frame, seconds: seconds(frame), wall: wall)
    }

    /// Two clocks are equal when they return the same time for every frame.
    public static func == (a: StreamClock, b: StreamClock) -> Bool {
        a.rate == b.rate && a.anchor?.frame == b.anchor?.frame && a.anchor?.wall == b.anchor?.wall
    }
}

/// A time in a stream: the position in samples, the same in seconds, and the wall time when there is one.
public struct StreamTime: Equatable, Sendable {
    /// Samples at the model's rate since the beginning of the stream.
    public var frame: Int64
    /// `frame` divided by the rate, in seconds.
    public var seconds: Double
    /// Wall time, from the stream's anchor; `nil` in a replay, which has no wall time.
    public var wall: WallTime?

    /// Creates a time; ``StreamClock`` is the usual source of times.
    public init(frame: Int64, seconds: Double, wall: WallTime?) {
        self.frame = frame
        self.seconds = seconds
        self.wall = wall
    }
}
