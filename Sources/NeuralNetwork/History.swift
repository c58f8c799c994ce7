// The newest frames of a sequence, contiguous in memory, for kernels that read past frames.

/// Stores the last `past` frames of a sequence before the frames that are appended.
///
/// The frames move through a buffer with additional room and are copied to its start when they reach its end. An
/// appended frame is thus copied at most once more, and kernels need not handle a wrap-around.
final class History<Element: BitwiseCopyable> {
    private let frameSize: Int
    private let past: Int
    private let fill: Element
    private let capacity: Int
    private let frames: UnsafeMutablePointer<Element>
    /// Number of frames of the buffer that are in use.
    private var end = 0

    /// - Parameters:
    ///   - past: Number of past frames to keep.
    ///   - fill: The value of the frames before the first.
    init(frameSize: Int, past: Int, maximumFrames: Int, fill: Element) {
        self.frameSize = frameSize
        self.past = past
        self.fill = fill
        capacity = past + max(past, maximumFrames)
        frames = .allocate(capacity: capacity * frameSize)
        frames.initialize(repeating: fill, count: capacity * frameSize)
        end = past
    }

    deinit { frames.deallocate() }

    /// Makes room for `count` frames and returns the address of the first; the `past` frames are before it.
    func append(_ count: Int) -> UnsafeMutablePointer<Element> {
        if end + count > capacity {
            frames.update(from: frames + (end - past) * frameSize, count: past * frameSize)
            end = past
        }
        defer { end += count }
        return frames + end * frameSize
    }

    func reset() {
        frames.update(repeating: fill, count: past * frameSize)
        end = past
    }
}

/// The histories of the streams of a layer, one for each lane.
struct Histories<Element: BitwiseCopyable> {
    private var lanes: [History<Element>]
    private let make: () -> History<Element>

    init(frameSize: Int, past: Int, maximumFrames: Int, fill: Element) {
        make = { History(frameSize: frameSize, past: past, maximumFrames: maximumFrames, fill: fill) }
        lanes = [make()]
    }

    mutating func addLane() { lanes.append(make()) }

    func reset(lane: Int) { lanes[lane].reset() }

    /// Makes room for the frames of a block. Calls `body` for each part of the block whose frames are contiguous in
    /// memory, with the address of the first of them, its index in the block, and their number.
    @inline(__always)
    func append(_ block: Block, _ body: (UnsafeMutablePointer<Element>, _ index: Int, _ frames: Int) -> Void) {
        switch block {
        case .run(let lane, let frames): body(lanes[lane].append(frames), 0, frames)
        case .row(let rows): for index in 0..<rows.count { body(lanes[rows[index]].append(1), index, 1) }
        }
    }
}
