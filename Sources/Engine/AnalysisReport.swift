// What the analysis thread tells the delivery thread, in fixed-size pieces.

import AudioCore
import AudioInput

/// One thing that happened in one stream, at one of its frames.
struct AnalysisReport: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable {
        /// A hop was analysed; its activities stand in the queue's other ring.
        case frame(peak: Float, rms: Float, silentSamples: Int64)
        /// There are new tags of the window between these frames; columns of attention are counted from `origin`.
        case tags(start: Int64, end: Int64, origin: Int64)
        /// The stream begins, or goes on, at this wall time.
        case anchor
        /// Audio is missing before `frame`.
        case gap(GapCause, lostSeconds: Double)
        /// The source came back at another rate.
        case rateChanged
        /// The channels cancel each other in the mix, so this one, counted from 0, is heard alone; -1 when the mix is heard
        /// again.
        case alone(channel: Int32)
        /// The source's state changed.
        case state(SourceState, code: Int32)
    }

    /// The source, in the order of the engine's settings.
    var source: Int32
    /// Which stream of that source, counted from 0.
    var channel: Int32
    /// What is reported.
    var kind: Kind
    /// Samples at the model's rate from the beginning of the stream to the end of this hop.
    var frame: Int64
    /// When that was heard, nanoseconds since 1970 (UTC).
    var wall: Int64
}
