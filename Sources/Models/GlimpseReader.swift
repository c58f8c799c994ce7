// One stream's glimpses at its windows.

import Features
import Glibc
import NeuralNetwork

/// Looks at a window of log-mel sixteen times and says what it heard, and where it looked.
///
/// The first glimpse is at the window's centre, every other one where the state of the core wants it: no chance is left,
/// and a window gives the same path always. `init` allocates everything, the rest allocates nothing. For one thread at a
/// time.
public final class GlimpseReader {
    /// The weights.
    public let network: GlimpseNetwork
    /// One per class, valid after `look`.
    public var probabilities: UnsafePointer<Float> { UnsafePointer(opinions) }
    /// Where it looked, valid after `look`: as many as `GlimpseArchitecture.glimpses`.
    public var path: UnsafePointer<Glimpse> { UnsafePointer(glimpses) }

    private let core: any Layer
    private let shapes: [GlimpseArchitecture.Shape]
    private let values: UnsafeMutablePointer<Float>
    private let place: UnsafeMutablePointer<Float>
    private let seen: UnsafeMutablePointer<Float>
    private let located: UnsafeMutablePointer<Float>
    private let combined: UnsafeMutablePointer<Float>
    private let state: UnsafeMutablePointer<Float>
    private let opinions: UnsafeMutablePointer<Float>
    private let glimpses: UnsafeMutablePointer<Glimpse>

    /// By what values are standardised, and what silence then is.
    private static let (mean, deviation): (Float, Float) = (-1.6, 2)
    private static let silence = (logf(LogMel.offset) - mean) / deviation

    /// Allocates what one stream needs.
    public init(_ network: GlimpseNetwork) {
        func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
            let pointer = UnsafeMutablePointer<Float>.allocate(capacity: count)
            pointer.initialize(repeating: 0, count: count)
            return pointer
        }
        self.network = network
        core = network.core.layer()
        shapes = network.architecture.shapes
        values = floats(network.sensor.inputs)
        place = floats(2)
        seen = floats(network.sensor.outputs)
        located = floats(network.location.outputs)
        combined = floats(network.width)
        state = floats(network.width)
        opinions = floats(network.classes)
        glimpses = .allocate(capacity: GlimpseArchitecture.glimpses)
        glimpses.initialize(repeating: Glimpse(frame: 0, band: 0), count: GlimpseArchitecture.glimpses)
    }

    deinit {
        for pointer in [values, place, seen, located, combined, state, opinions] { pointer.deallocate() }
        glimpses.deallocate()
    }

    /// Looks at `[frames][64]` log-mel values; `frames` is at least 1.
    public func look(at window: UnsafePointer<Float>, frames: Int) {
        core.reset()
        place.update(repeating: 0, count: 2)
        for index in 0..<GlimpseArchitecture.glimpses {
            let centre = Glimpse(frame: nearest(place[0], of: frames), band: nearest(place[1], of: LogMel.bands))
            glimpses[index] = centre
            gather(window, frames: frames, around: centre)
            network.sensor.apply(to: values, into: seen, frames: 1)
            Activation.relu.apply(to: seen, into: seen, count: network.sensor.outputs)
            network.location.apply(to: place, into: located, frames: 1)
            Activation.relu.apply(to: located, into: located, count: network.location.outputs)
            for unit in 0..<network.sensor.outputs { seen[unit] += located[unit] }
            network.glimpse.apply(to: seen, into: combined, frames: 1)
            Activation.relu.apply(to: combined, into: combined, count: network.width)
            core.process(combined, state, frames: 1)
            network.next.apply(to: state, into: place, frames: 1)
            (place[0], place[1]) = (tanhf(place[0]), tanhf(place[1]))
        }
        network.classifier.apply(to: state, into: opinions, frames: 1)
        Activation.sigmoid.apply(to: opinions, into: opinions, count: network.classes)
    }

    /// The index nearest to a place in -1...1 on an axis of `extent` values; weights that overflow look at the middle.
    private func nearest(_ place: Float, of extent: Int) -> Int {
        Int(((place.isNaN ? 0 : place) + 1) * 0.5 * Float(extent - 1) + 0.5)
    }

    /// The patches around a centre, one behind the other; silence where they reach beyond the window.
    private func gather(_ window: UnsafePointer<Float>, frames: Int, around centre: Glimpse) {
        var target = values
        for shape in shapes {
            let (first, lowest) = (centre.frame - shape.frames / 2, centre.band - shape.bands / 2)
            for frame in first..<first + shape.frames {
                let row = window + frame * LogMel.bands
                for band in lowest..<lowest + shape.bands {
                    let isInside = frame >= 0 && frame < frames && band >= 0 && band < LogMel.bands
                    target.pointee = isInside ? (row[band] - Self.mean) / Self.deviation : Self.silence
                    target += 1
                }
            }
        }
    }
}
