// A clip model on one stream: log-mel frames in, tags of the last seconds out.

import Features

/// One stream through a clip model.
///
/// The work is divided into steps, which are distributed over the frames of the following patch. Systems that embed
/// patches compute each patch once, and one step of AttentionMIC at the published width takes a quarter of a
/// millisecond; other systems choose the size of their steps. The tags of a patch are ready `delayFrames` frames after
/// its end, at a frame that does not depend on the block sizes. `init` allocates everything; `process` allocates
/// nothing. Only one thread at a time may use it.
public final class ClipModel {
    /// The model, its window and its form.
    public let settings: ClipSettings
    /// Frames from the end of a patch to its tags.
    public let delayFrames: Int
    /// One tag per class, valid after `process` or `finish` returned true.
    public var tags: UnsafePointer<ClipTag> { UnsafePointer(results) }
    /// The probabilities of the description's families, valid when `tags` is; nil for systems without families.
    public var families: UnsafePointer<Float>? { stream.families }
    /// The glimpses of a system with glimpses, in order and counted from the beginning of the window; nil for all
    /// others. Valid when `tags` is.
    public var path: UnsafeBufferPointer<Glimpse>? { stream.path }
    /// The last patch of the window of `tags`, counted from the beginning of the stream.
    public private(set) var lastPatch = 0
    /// The first patch of that window.
    public var firstPatch: Int { max(0, lastPatch + 1 - settings.window) }

    private let stream: any ClipStream
    private let stepsPerFrame: Int
    private let patch: UnsafeMutablePointer<Float>
    private let results: UnsafeMutablePointer<ClipTag>
    /// Number of frames in `patch`.
    private var filled = 0
    /// Number of completed patches.
    private var patches = 0
    /// The next step of the patch that is being computed; nil while there is none.
    private var step: Int?

    /// Creates a stream through a loaded model.
    public init(_ settings: ClipSettings) {
        self.settings = settings
        stream = settings.file.network.stream(settings)
        let frames = ClipArchitecture.patchFrames
        stepsPerFrame = (stream.stepCount + frames - 1) / frames
        delayFrames = (stream.stepCount + stepsPerFrame - 1) / stepsPerFrame
        patch = .allocate(capacity: frames * LogMel.bands)
        patch.initialize(repeating: 0, count: frames * LogMel.bands)
        let classes = settings.file.description.classes.count
        results = .allocate(capacity: classes)
        results.initialize(repeating: ClipTag(probability: 0, focus: nil), count: classes)
    }

    deinit {
        patch.deallocate()
        results.deallocate()
    }

    /// Processes the 64 values of one frame.
    ///
    /// - Parameter shedding: do no work now: the patch that is being computed is abandoned, and no patch is started.
    ///   The window continues without it.
    /// - Returns: true when `tags` has changed.
    public func process(_ frame: UnsafePointer<Float>, shedding: Bool = false) -> Bool {
        let isReady = shedding ? giveUp() : work(steps: stepsPerFrame)
        (patch + filled * LogMel.bands).update(from: frame, count: LogMel.bands)
        filled += 1
        if filled == ClipArchitecture.patchFrames {
            filled = 0
            patches += 1
            if shedding {
                stream.skip()
            } else {
                stream.load(patch)
                step = 0
            }
        }
        return isReady
    }

    /// Ends the stream: performs the remaining work on the last complete patch.
    ///
    /// - Returns: true when `tags` has changed.
    public func finish() -> Bool { work(steps: stream.stepCount) }

    /// Resets the state, as after a discontinuity.
    public func reset() {
        filled = 0
        patches = 0
        step = nil
        stream.reset()
    }

    private func work(steps: Int) -> Bool {
        guard var next = step else { return false }
        let end = min(stream.stepCount, next + steps)
        while next < end {
            stream.step(next)
            next += 1
        }
        guard next == stream.stepCount else {
            step = next
            return false
        }
        step = nil
        lastPatch = patches - 1
        guard patches.isMultiple(of: settings.interval) else { return false }
        return stream.evaluate(into: results)
    }

    private func giveUp() -> Bool {
        guard step != nil else { return false }
        step = nil
        stream.skip()
        return false
    }
}
