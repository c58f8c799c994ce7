// What the capture thread tells the analysis about the stream, tied to an exact place in it.

import AudioCore

/// A fact about the stream that holds from one sample on. It travels beside the samples and never later than them.
public struct StreamMark: Equatable, Sendable, BitwiseCopyable {
    /// What happened.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// From here on the samples have this format. Always the first mark before samples, and again after a loss.
        case opened(AudioFormat)
        /// About this many frames are missing here, at the rate in force.
        case gap(frames: Int, GapCause)
        /// The source changed its state; `code` is the backend's own, 0 for none.
        case state(SourceState, code: Int32)
    }

    /// Samples (not frames) that were pushed before this holds.
    public var position: Int
    /// What happened.
    public var kind: Kind
    /// When the first sample after the mark was heard, or the fact was seen: nanoseconds since 1970, UTC.
    public var wall: Int64
    /// The same instant on the monotonic clock, in nanoseconds.
    public var monotonic: Int64

    /// Creates a mark.
    public init(position: Int, kind: Kind, wall: Int64, monotonic: Int64) {
        self.position = position
        self.kind = kind
        self.wall = wall
        self.monotonic = monotonic
    }
}
