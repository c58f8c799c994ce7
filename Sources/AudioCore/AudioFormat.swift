// Rate and channels of a stream of interleaved floats.

/// The format of a stream of interleaved 32-bit floats, full scale at ±1.
public struct AudioFormat: Equatable, Sendable, BitwiseCopyable {
    /// Frames per second.
    public var sampleRate: Int
    /// Samples in one frame.
    public var channels: Int

    /// Creates a format.
    public init(sampleRate: Int, channels: Int) {
        self.sampleRate = sampleRate
        self.channels = channels
    }
}
