// Reports from the analysis thread to the delivery thread, of fixed size.

import AudioCore
import AudioInput

/// One report about one stream, at one of its frames.
struct AnalysisReport: BitwiseCopyable, Sendable {
    enum Kind: BitwiseCopyable, Sendable {
        /// A hop was analysed; its activities are in the queue's ring of activities.
        case frame(peak: Float, rms: Float, silentSamples: Int64)
        /// There are new tags of the window between these frames; columns of attention are counted from `origin`.
        case tags(start: Int64, end: Int64, origin: Int64)
        /// The stream begins or continues at this wall time.
        case anchor
        /// Audio is missing before `frame`.
        case gap(GapCause, lostSeconds: Double)
        /// The source was opened again at another rate.
        case rateChanged
        /// The channels cancel each other in the mix, so only this channel, counted from 0, is analysed; -1 when the
        /// mix is analysed again.
        case alone(channel: Int32)
        /// The source's state changed.
        case state(SourceState, code: Int32)
    }

    /// The source, in the order of the engine's settings.
    var source: Int32
    /// The stream's index in that source, counted from 0.
    var channel: Int32
    /// The kind of report.
    var kind: Kind
    /// Samples at the model's rate from the beginning of the stream to the end of this hop.
    var frame: Int64
    /// The wall time of that frame, nanoseconds since 1970 (UTC).
    var wall: Int64
}
