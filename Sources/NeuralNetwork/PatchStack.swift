// A stack of 2-D convolutions over one patch, computed in steps of bounded work.

import CVector

/// The weights of a stack, shared by all streams.
public struct PatchStackWeights: Sendable {
    /// A layer: its number of channels, and whether it halves rows and columns.
    public typealias Layer = (outputs: Int, pools: Bool)

    /// Rows of a patch: its frames.
    public let rows: Int
    /// Columns of a patch: its bands.
    public let columns: Int
    let layers: [PatchConvolution]

    /// Reads `NAME.0.weight`, `NAME.0.bias` and so on; the first layer has one input channel.
    ///
    /// - Precondition: rows and columns can be halved as often as the layers pool.
    public init(_ name: String, rows: Int, columns: Int, layers: [Layer], tensors: [String: Tensor])
        throws(NetworkError)
    {
        self.rows = rows
        self.columns = columns
        var inputs = 1
        var built: [PatchConvolution] = []
        for (index, layer) in layers.enumerated() {
            built.append(
                try PatchConvolution(
                    "\(name).\(index)", inputs: inputs, outputs: layer.outputs, pools: layer.pools, tensors: tensors))
            inputs = layer.outputs
        }
        self.layers = built
    }

    /// Multiply-adds of one patch.
    public var multiplyAdds: Int {
        var (area, sum) = (rows * columns, 0)
        for layer in layers {
            sum += area * layer.inputs * layer.outputs * 9
            if layer.pools { area /= 4 }
        }
        return sum
    }
}

/// Computes a stack for one patch after the other.
///
/// `load` a patch, then call `step` for every step in order; `output` contains the result until the next patch is
/// loaded. The result does not depend on the times of the steps. `init` allocates everything; the other methods
/// allocate nothing. Only one thread at a time may use it.
public final class PatchStack {
    /// Number of steps of a patch.
    public let stepCount: Int
    private let layers: [PatchConvolution]
    /// The input of each layer, and the output of the last.
    private let planes: [PatchPlane]
    private let steps: [(layer: Int, slice: Int)]
    /// Two rows of a slice before pooling.
    private let fresh: UnsafeMutablePointer<Float>

    /// Allocates the planes between the layers.
    public init(_ weights: PatchStackWeights) {
        layers = weights.layers
        var (rows, columns, channels) = (weights.rows, weights.columns, 1)
        var planes = [PatchPlane(rows: rows, columns: columns, channels: channels, border: 1)]
        for (index, layer) in weights.layers.enumerated() {
            if layer.pools { (rows, columns) = (rows / 2, columns / 2) }
            channels = layer.outputs
            let isLast = index == weights.layers.count - 1
            planes.append(PatchPlane(rows: rows, columns: columns, channels: channels, border: isLast ? 0 : 1))
        }
        self.planes = planes
        steps = layers.enumerated().flatMap { index, layer in layer.slices.indices.map { (index, $0) } }
        stepCount = steps.count
        fresh = .allocate(capacity: 2 * weights.columns * PatchConvolution.slice)
        fresh.initialize(repeating: 0, count: 2 * weights.columns * PatchConvolution.slice)
    }

    deinit {
        for plane in planes { plane.deallocate() }
        fresh.deallocate()
    }

    /// The result `[rows][columns][channels]`.
    public var output: UnsafePointer<Float> { UnsafePointer(planes[planes.count - 1].start) }

    /// Copies a patch `[rows][columns]`.
    public func load(_ patch: UnsafePointer<Float>) {
        let plane = planes[0]
        for row in 0..<plane.rows {
            plane.row(row).update(from: patch + row * plane.columns, count: plane.columns)
        }
    }

    /// Performs one step; the steps of a patch are performed in order.
    public func step(_ index: Int) {
        let (number, part) = steps[index]
        let layer = layers[number]
        let (input, output) = (planes[number], planes[number + 1])
        let slice = layer.slices[part]
        let first = part * PatchConvolution.slice
        let row = input.columns * slice.outputs
        for target in 0..<output.rows {
            if layer.pools {
                convolve(slice, input, row: 2 * target, into: fresh)
                convolve(slice, input, row: 2 * target + 1, into: fresh + row)
                timbre_rectify_pool(
                    fresh, fresh + row, output.row(target) + first, output.columns, slice.outputs, output.channels)
            } else {
                convolve(slice, input, row: target, into: fresh)
                timbre_rectify_apart(
                    fresh, output.row(target) + first, output.columns, slice.outputs, output.channels)
            }
        }
    }

    private func convolve(
        _ slice: Convolution, _ input: PatchPlane, row: Int, into output: UnsafeMutablePointer<Float>
    ) {
        slice.apply(
            to: input.start + row * input.rowStride, frameStride: input.channels, tapStride: input.rowStride,
            into: output, frames: input.columns)
    }
}
