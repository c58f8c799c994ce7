// Which streams the frames of one call of a layer belong to.

/// The frames of one call: several of one stream, or one of each of several streams.
///
/// In both forms a weight is read from memory once for all frames. The results do not depend on the form: a frame of a
/// stream has the same bits whatever other frames are in its call.
public enum Block {
    /// `frames` consecutive frames of the stream in this lane.
    case run(lane: Int, frames: Int)
    /// One frame of the stream in each of these lanes, which are all different.
    case row(lanes: UnsafeBufferPointer<Int>)

    /// Number of frames.
    public var frames: Int {
        switch self {
        case .run(_, let frames): frames
        case .row(let lanes): lanes.count
        }
    }

    /// Returns the lane of the stream that the frame at `index` belongs to.
    @inline(__always)
    func lane(of index: Int) -> Int {
        switch self {
        case .run(let lane, _): lane
        case .row(let lanes): lanes[index]
        }
    }
}
