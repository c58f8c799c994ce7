// The newest frames of a sequence, side by side in memory, so that a kernel may look back over them.

/// Keeps the last `past` frames of a sequence in front of those that are being appended.
///
/// The frames slide through a buffer with room to spare and move back to its start when they reach its end, so that an
/// appended frame is copied once more at most and no kernel has to know about a wrap-around.
final class History {
    private let frameSize: Int
    private let past: Int
    private let fill: Float
    private let capacity: Int
    private let frames: UnsafeMutablePointer<Float>
    /// Frames of the buffer that are in use.
    private var end = 0

    /// - Parameters:
    ///   - past: Frames to remember.
    ///   - fill: What lies before the first frame.
    init(frameSize: Int, past: Int, maximumFrames: Int, fill: Float) {
        self.frameSize = frameSize
        self.past = past
        self.fill = fill
        capacity = past + max(past, maximumFrames)
        frames = .allocate(capacity: capacity * frameSize)
        frames.initialize(repeating: fill, count: capacity * frameSize)
        end = past
    }

    deinit { frames.deallocate() }

    /// Makes room for `count` frames and answers with where the first belongs; the `past` frames lie before it.
    func append(_ count: Int) -> UnsafeMutablePointer<Float> {
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
