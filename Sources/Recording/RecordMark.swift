// What the analysis thread tells the recorder about the sound, tied to an exact place in it.

import AudioCore
import Events

/// A fact about the sound that holds from one sample on.
///
/// Its clock is `place`: frames since the link was made, at the rate in force, those included that are missing. It is the
/// one clock on which sound and events meet.
public struct RecordMark: Equatable, Sendable, BitwiseCopyable {
    /// What happened.
    public enum Kind: Equatable, Sendable, BitwiseCopyable {
        /// The samples that follow have this format. `continues` says that what is missing before them is about to be
        /// said; otherwise nobody knows.
        case opened(AudioFormat, continues: Bool)
        /// This frame of a stream, counted as in events, stands at the mark's place.
        case anchor(stream: Int, frame: Int64)
        /// So many frames are missing before the mark's place.
        case gap(frames: Int, Discontinuity.Reason)
        /// So many frames came while the link was full, because the disk was too slow.
        case dropped(frames: Int)
        /// Nothing follows.
        case ended
    }

    /// Samples (not frames) that were pushed before this holds.
    public var position: Int
    /// Where the first sample after the mark stands.
    public var place: Int64
    /// What happened.
    public var kind: Kind
    /// When the first sample after the mark was heard: nanoseconds since 1970, UTC.
    public var wall: Int64
}
