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
