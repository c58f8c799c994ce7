// One stream through the clip model, beside the frame model and never in its way.

import AudioCore
import Features
import Models

/// The clip model's share of a stream's analysis. `init` and `reset` allocate; `process` does not. Analysis thread only.
///
/// It is fed by hops, and its work is cut into steps that belong to frames of the spectrogram. So a hop bears one or two
/// steps, tags come behind the same hop whatever the sizes of blocks, and no further thread is needed.
final class TagAnalysis {
    /// New tags.
    struct Result {
        /// Where the window begins and ends, in samples at the model's rate since the stream began.
        let start: Int64
        let end: Int64
        /// From where columns of attention are counted, likewise.
        let origin: Int64
        /// One for each class of the clip model.
        let tags: UnsafePointer<ClipTag>
    }

    private let frontEnd: ClipFrontEnd
    private let model: ClipModel
    private let sampleRate: Int
    /// The frame with which the clip model began to listen.
    private var origin: Int64 = 0

    /// - Parameter sampleRate: of the samples that come, in hertz.
    init(_ settings: ClipSettings, sampleRate: Int) {
        frontEnd = ClipFrontEnd(sampleRate: sampleRate)
        model = ClipModel(settings)
        self.sampleRate = sampleRate
    }

    /// Forgets the past; the next sample is the one at frame `origin`.
    func reset(origin: Int64) {
        self.origin = origin
        frontEnd.reset()
        model.reset()
    }

    /// Takes the samples of a hop; nil unless there are new tags.
    ///
    /// - Parameter shedding: the analysis falls behind, so no work is to be done on tags.
    func process(_ samples: UnsafeBufferPointer<Float>, shedding: Bool) -> Result? {
        var isNew = false
        frontEnd.process(samples) { frame in
            if model.process(frame, shedding: shedding) { isNew = true }
        }
        return isNew ? result : nil
    }

    /// The stream ends: all that waits is done now; `body` gets the tags of every patch that came to its end.
    func finish(_ body: (Result) -> Void) {
        frontEnd.finish { frame in
            if model.process(frame) { body(result) }
        }
        if model.finish() { body(result) }
    }

    private var result: Result {
        let patch = Double(ClipArchitecture.patchFrames * LogMel.hop) / Double(LogMel.sampleRate)
        // The newest frame reaches beyond its hop.
        let tail = Double(LogMel.window - LogMel.hop) / Double(LogMel.sampleRate)
        return Result(
            start: origin + frames(Double(model.firstPatch) * patch),
            end: origin + frames(Double(model.lastPatch + 1) * patch + tail), origin: origin, tags: model.tags)
    }

    private func frames(_ seconds: Double) -> Int64 { Int64(saturating: (seconds * Double(sampleRate)).rounded()) }
}
