// The glimpses of one stream.

import Features
import Glibc
import Models
import NeuralNetwork

/// Processes sixteen glimpses of a window of log-mel, one per step, and then classifies.
///
/// The first glimpse is at the window's centre; the state of the core determines the position of every other glimpse.
/// The path is not random, so the same window always has the same path. All instruments share that path, so no
/// instrument has its own focus.
final class GlimpseNetwork: WindowNetwork {
    let stepCount = GlimpseForm.glimpses

    private let weights: GlimpseWeights
    private let core: any Layer
    private let values: UnsafeMutablePointer<Float>
    private let position: UnsafeMutablePointer<Float>
    private let seen: UnsafeMutablePointer<Float>
    private let located: UnsafeMutablePointer<Float>
    private let combined: UnsafeMutablePointer<Float>
    private let state: UnsafeMutablePointer<Float>
    private let opinions: UnsafeMutablePointer<Float>
    private let glimpses: UnsafeMutablePointer<Glimpse>

    /// The mean and deviation for standardisation, and the standardised value of silence.
    private static let (mean, deviation): (Float, Float) = (-1.6, 2)
    private static let silence = (logf(LogMel.offset) - mean) / deviation

    init(_ weights: GlimpseWeights) {
        func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
            let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
            pointer.initialize(repeating: 0, count: count)
            return pointer
        }
        self.weights = weights
        core = weights.makeCore()
        values = floats(weights.sensor.inputs)
        position = floats(2)
        seen = floats(weights.sensor.outputs)
        located = floats(weights.location.outputs)
        combined = floats(weights.width)
        state = floats(weights.width)
        opinions = floats(weights.classifier.outputs)
        glimpses = .allocate(capacity: stepCount)
        glimpses.initialize(repeating: Glimpse(frame: 0, band: 0), count: stepCount)
    }

    deinit {
        for pointer in [values, position, seen, located, combined, state, opinions] { pointer.deallocate() }
        glimpses.deallocate()
    }

    var path: UnsafeBufferPointer<Glimpse>? { UnsafeBufferPointer(start: glimpses, count: stepCount) }

    func step(_ index: Int, window: UnsafePointer<Float>) {
        if index == 0 {
            core.reset()
            position.update(repeating: 0, count: 2)
        }
        let centre = Glimpse(
            frame: nearest(position[0], of: weights.frames), band: nearest(position[1], of: LogMel.bands))
        glimpses[index] = centre
        gather(window, around: centre)
        weights.sensor.apply(to: values, into: seen, frames: 1)
        weights.location.apply(to: position, into: located, frames: 1)
        for unit in 0..<weights.sensor.outputs { seen[unit] = max(0, seen[unit]) + max(0, located[unit]) }
        weights.glimpse.apply(to: seen, into: combined, frames: 1)
        Activation.relu.apply(to: combined, into: combined, count: weights.width)
        core.process(combined, state, frames: 1)
        weights.next.apply(to: state, into: position, frames: 1)
        (position[0], position[1]) = (tanhf(position[0]), tanhf(position[1]))
    }

    func read(into tags: UnsafeMutablePointer<ClipTag>) {
        let classes = weights.classifier.outputs
        weights.classifier.apply(to: state, into: opinions, frames: 1)
        Activation.sigmoid.apply(to: opinions, into: opinions, count: classes)
        for name in 0..<classes { tags[name] = ClipTag(probability: opinions[name], focus: nil) }
    }

    /// Returns the index nearest to a position in -1...1 on an axis of `extent` values; a NaN position, which results
    /// from an overflow, gives the middle.
    private func nearest(_ position: Float, of extent: Int) -> Int {
        Int(((position.isNaN ? 0 : position) + 1) * 0.5 * Float(extent - 1) + 0.5)
    }

    /// Collects the patches around a centre, in order; values beyond the window are silence.
    private func gather(_ window: UnsafePointer<Float>, around centre: Glimpse) {
        var target = values
        for shape in weights.form.shapes {
            let (first, lowest) = (centre.frame - shape.frames / 2, centre.band - shape.bands / 2)
            for frame in first..<first + shape.frames {
                for band in lowest..<lowest + shape.bands {
                    let isInside = frame >= 0 && frame < weights.frames && band >= 0 && band < LogMel.bands
                    target.pointee =
                        isInside ? (window[frame * LogMel.bands + band] - Self.mean) / Self.deviation : Self.silence
                    target += 1
                }
            }
        }
    }
}
