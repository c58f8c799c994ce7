// One stream through the clip model, in parallel with the frame model and without delaying it.

import AudioCore
import Features
import Models

/// The clip model's part of a stream's analysis. `init` and `reset` allocate; `process` does not. Analysis thread
/// only.
///
/// The input is processed hop by hop, and the work is divided into steps that belong to frames of the spectrogram. A
/// hop therefore performs one or two steps, tags follow the same hop whatever the block sizes are, and no other thread
/// is needed.
final class TagAnalysis {
    /// New tags and their window.
    struct Result {
        /// Beginning and end of the window, in samples at the model's rate since the stream began.
        let start: Int64
        let end: Int64
        /// The frame from which columns of attention are counted, in the same unit.
        let origin: Int64
        /// One for each class of the clip model.
        let tags: UnsafePointer<ClipTag>
    }

    private let frontEnd: ClipFrontEnd
    private let model: ClipModel
    private let sampleRate: Int
    /// The frame at which the clip model's input began.
    private var origin: Int64 = 0

    /// - Parameter sampleRate: of the samples that come, in hertz.
    init(_ settings: ClipSettings, sampleRate: Int) {
        frontEnd = ClipFrontEnd(sampleRate: sampleRate)
        model = ClipModel(settings)
        self.sampleRate = sampleRate
    }

    /// Resets the state; the next sample is the one at frame `origin`.
    func reset(origin: Int64) {
        self.origin = origin
        frontEnd.reset()
        model.reset()
    }

    /// Processes the samples of a hop; returns nil unless there are new tags.
    ///
    /// - Parameter shedding: whether the analysis falls behind, so no work is done on tags.
    func process(_ samples: UnsafeBufferPointer<Float>, shedding: Bool) -> Result? {
        var isNew = false
        frontEnd.process(samples) { frame in
            if model.process(frame, shedding: shedding) { isNew = true }
        }
        return isNew ? result : nil
    }

    /// Ends the stream: does all pending work; `body` receives the tags of every patch that was completed.
    func finish(_ body: (Result) -> Void) {
        frontEnd.finish { frame in
            if model.process(frame) { body(result) }
        }
        if model.finish() { body(result) }
    }

    private var result: Result {
        let patch = Double(ClipArchitecture.patchFrames * LogMel.hop) / Double(LogMel.sampleRate)
        // The newest frame extends beyond its hop.
        let tail = Double(LogMel.window - LogMel.hop) / Double(LogMel.sampleRate)
        return Result(
            start: origin + frames(Double(model.firstPatch) * patch),
            end: origin + frames(Double(model.lastPatch + 1) * patch + tail), origin: origin, tags: model.tags)
    }

    private func frames(_ seconds: Double) -> Int64 { Int64(saturating: (seconds * Double(sampleRate)).rounded()) }
}
