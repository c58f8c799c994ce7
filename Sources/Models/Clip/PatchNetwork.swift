// Computes the instances of one stream's patches, in steps of bounded work.

import Features
import NeuralNetwork

/// Computes the embedded instances of one patch after the other.
///
/// `load` a patch, call `step` for every step in order, then read `instances`. The result does not depend on the times
/// of the steps. `init` allocates everything; the other methods allocate nothing. Only one thread at a time may use
/// it.
final class PatchNetwork {
    /// Number of steps of one patch.
    let stepCount: Int

    private let network: PatchWeights
    private let stack: PatchStack
    private let hidden: UnsafeMutablePointer<Float>
    private let sums: UnsafeMutablePointer<Float>
    private let layer: UnsafeMutablePointer<Float>
    private let next: UnsafeMutablePointer<Float>
    private let embedded: UnsafeMutablePointer<Float>

    init(_ network: PatchWeights) {
        self.network = network
        stack = PatchStack(network.stack)
        stepCount = stack.stepCount + network.slices.count + 1
        let count = network.form.instances
        let size = count * PatchWeights.embedding
        hidden = .allocate(capacity: count * PatchWeights.slice)
        hidden.initialize(repeating: 0, count: count * PatchWeights.slice)
        sums = .allocate(capacity: size)
        sums.initialize(repeating: 0, count: size)
        layer = .allocate(capacity: size)
        layer.initialize(repeating: 0, count: size)
        next = .allocate(capacity: size)
        next.initialize(repeating: 0, count: size)
        embedded = .allocate(capacity: count * network.form.instanceSize)
        embedded.initialize(repeating: 0, count: count * network.form.instanceSize)
    }

    deinit {
        for pointer in [hidden, sums, layer, next, embedded] { pointer.deallocate() }
    }

    /// The embedded instances of the patch, column after column, with their row where the form requires it:
    /// `[instances][instanceSize]`.
    var instances: UnsafePointer<Float> { UnsafePointer(embedded) }

    /// Loads `[96][64]` log-mel values.
    func load(_ patch: UnsafePointer<Float>) { stack.load(patch) }

    /// Performs one step; the steps of a patch are performed in order.
    func step(_ index: Int) {
        if index < stack.stepCount {
            stack.step(index)
        } else if index < stepCount - 1 {
            pass(network.slices[index - stack.stepCount], isFirst: index == stack.stepCount)
        } else {
            embed()
        }
    }

    /// Computes one slice of the hidden layer. Its rows are consecutive; `sums` keeps that order.
    private func pass(_ slice: PatchWeights.Slice, isFirst: Bool) {
        let columns = ClipArchitecture.columns
        let stride = ClipArchitecture.rows * 8 * network.width
        let count = network.form.instances
        for row in 0..<slice.segments.count {
            let segment = slice.segments[row]
            segment.apply(
                to: stack.output + row * segment.inputs, frameStride: stride, tapStride: 0,
                into: hidden + row * columns * segment.outputs, frames: columns)
        }
        Activation.relu.apply(to: hidden, into: hidden, count: count * slice.dense.inputs)
        slice.dense.apply(to: hidden, into: sums, frames: count, accumulate: !isFirst)
    }

    private func embed() {
        let (size, count) = (PatchWeights.embedding, network.form.instances)
        layer.update(from: sums, count: count * size)
        var (from, to) = (layer, next)
        for index in 0..<network.embedding.count {
            network.embedding[index].apply(to: from, into: to, frames: count)
            Activation.relu.apply(to: to, into: to, count: count * size)
            swap(&from, &to)
        }
        let rows = count / ClipArchitecture.columns
        for column in 0..<ClipArchitecture.columns {
            for row in 0..<rows {
                let source = (row * ClipArchitecture.columns + column) * size
                let target = embedded + (column * rows + row) * network.form.instanceSize
                for index in 0..<size { target[index] = from[source + index] + sums[source + index] }
                guard network.form == .identified else { continue }
                for other in 0..<ClipArchitecture.rows { target[size + other] = other == row ? 1 : 0 }
            }
        }
    }
}
