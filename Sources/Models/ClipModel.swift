// A clip model listening to one stream: log-mel frames in, tags of the last seconds out.

import Features
import Glibc
import NeuralNetwork

/// One stream through a clip model.
///
/// Every patch of 96 frames is computed once, in steps of bounded work that are spread over the frames of the patch that
/// follows: one step at a frame at published width costs a quarter of a millisecond. The tags of a patch are ready
/// `delayFrames` frames after its end, at a frame that does not depend on how the stream is cut into blocks. `init`
/// allocates everything; `process` allocates nothing. For one thread at a time.
public final class ClipModel {
    /// The model and how it is used.
    public let settings: ClipSettings
    /// Frames from the end of a patch to its tags.
    public let delayFrames: Int
    /// One per class, valid after `process` or `finish` said so.
    public var tags: UnsafePointer<ClipTag> { UnsafePointer(results) }
    /// The patch with which the window of `tags` ends, counted from the beginning of the stream.
    public private(set) var lastPatch = 0
    /// The patch with which it begins.
    public var firstPatch: Int { max(0, lastPatch + 1 - settings.window) }

    private let network: PatchNetwork
    private let pooling: any ClipPooling
    private let stepsPerFrame: Int
    private let patch: UnsafeMutablePointer<Float>
    private let results: UnsafeMutablePointer<ClipTag>
    /// Frames in `patch`.
    private var filled = 0
    /// Patches that came to their end.
    private var patches = 0
    /// The next step of the patch that is being computed; nil while there is none.
    private var step: Int?

    /// Starts one more stream through a model that has been loaded.
    public init(_ settings: ClipSettings) {
        self.settings = settings
        network = PatchNetwork(settings.file.network)
        pooling = Self.pooling(settings)
        let frames = ClipArchitecture.patchFrames
        stepsPerFrame = (network.stepCount + frames - 1) / frames
        delayFrames = (network.stepCount + stepsPerFrame - 1) / stepsPerFrame
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

    private static func pooling(_ settings: ClipSettings) -> any ClipPooling {
        let (network, window) = (settings.file.network, settings.window)
        switch network.head {
        case .dense(let classifier): return DenseWindow(classifier, window: window)
        case .attention(let layers):
            let measure = PatchMeasure(layers, network.architecture)
            return switch settings.form {
            case .sliding: SlidingAttention(measure, window: window)
            case .running: RunningAttention(measure, forgetting: exp(-1 / Float(window)))
            }
        }
    }

    /// Takes the 64 values of one frame.
    ///
    /// - Parameter shedding: do no work now: a patch that is being computed is given up, and none is begun. The window
    ///   goes on without it.
    /// - Returns: true when `tags` has changed.
    public func process(_ frame: UnsafePointer<Float>, shedding: Bool = false) -> Bool {
        let isReady = shedding ? giveUp() : work(steps: stepsPerFrame)
        (patch + filled * LogMel.bands).update(from: frame, count: LogMel.bands)
        filled += 1
        if filled == ClipArchitecture.patchFrames {
            filled = 0
            patches += 1
            if shedding {
                pooling.skip()
            } else {
                network.load(patch)
                step = 0
            }
        }
        return isReady
    }

    /// The stream ends: what is left of the work on the last whole patch is done now.
    ///
    /// - Returns: true when `tags` has changed.
    public func finish() -> Bool { work(steps: network.stepCount) }

    /// Forgets the stream, as after a discontinuity.
    public func reset() {
        filled = 0
        patches = 0
        step = nil
        pooling.reset()
    }

    private func work(steps: Int) -> Bool {
        guard var next = step else { return false }
        let end = min(network.stepCount, next + steps)
        while next < end {
            network.step(next)
            next += 1
        }
        guard next == network.stepCount else {
            step = next
            return false
        }
        step = nil
        pooling.append(network.instances)
        lastPatch = patches - 1
        guard patches.isMultiple(of: settings.interval) else { return false }
        return pooling.evaluate(into: results)
    }

    private func giveUp() -> Bool {
        guard step != nil else { return false }
        step = nil
        pooling.skip()
        return false
    }
}
