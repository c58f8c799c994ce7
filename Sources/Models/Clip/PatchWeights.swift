// The weights that convert patches to embedded instances, shared by all streams.

import Features
import NeuralNetwork

/// VGGish's convolutional stack and the layers that Watcharasupat, Gururani & Lerch append to it, up to the instances.
///
/// The stack computes 6 columns of 4 rows from each patch. Every row passes through its segment of the first dense
/// layer and a ReLU, then through a dense layer to 128 values; three dense layers of 128 with ReLU and a skip
/// connection embed these. Where rows are joined, the segments' results of a column are summed before the ReLU.
package struct PatchWeights: Sendable {
    /// A part of the hidden values: the weights to them for every row (or for all rows at once), and the weights from
    /// them.
    struct Slice: Sendable {
        let segments: [Convolution]
        let dense: Convolution
    }

    package let form: PatchForm
    let width: Int
    let stack: PatchStackWeights
    let slices: [Slice]
    let embedding: [Convolution]

    /// Number of hidden values of one slice; one slice is one step of a stream's work.
    static let slice = 512
    /// Floats of an embedded instance.
    package static let embedding = 128
    /// Channels of the convolutions relative to the width, and the layers with pooling: VGGish's.
    private static let plan: [(factor: Int, pools: Bool)] = [
        (1, true), (2, true), (4, false), (4, true), (8, false), (8, true),
    ]

    /// Reads the tensors `stack.`, `segments.`, `dense.` and `embedding.` of a file.
    package init(_ form: PatchForm, width: Int, tensors: [String: Tensor]) throws(NetworkError) {
        self.form = form
        self.width = width
        stack = try PatchStackWeights(
            "stack", rows: ClipArchitecture.patchFrames, columns: LogMel.bands,
            layers: Self.plan.map { ($0.factor * width, $0.pools) }, tensors: tensors)
        slices = try Self.slices(joined: form == .joined, width: width, tensors: tensors)
        let size = Self.embedding
        var layers: [Convolution] = []
        for index in 0..<3 {
            layers.append(try Convolution(dense: "embedding.\(index)", inputs: size, outputs: size, tensors: tensors))
        }
        embedding = layers
    }

    private static func slices(
        joined: Bool, width: Int, tensors: [String: Tensor]
    ) throws(NetworkError) -> [Slice] {
        let (rows, hidden, channels) = (ClipArchitecture.rows, 64 * width, 8 * width)
        let size = embedding
        let segments = try tensors.require("segments.weight", shape: [rows, hidden, channels])
        let bias = try tensors.require("segments.bias", shape: [hidden])
        let dense = try tensors.require("dense.weight", shape: [size, hidden])
        let denseBias = try tensors.require("dense.bias", shape: [size])
        let none = Tensor(name: "none", shape: [size], elements: .single([Float](repeating: 0, count: size)))
        // [hidden][all rows' channels] when rows are summed, else [row][hidden][channels].
        let parts =
            joined
            ? [segments.rearranged(as: "segments", axes: [1, 0, 2], shape: [hidden, rows * channels, 1])]
            : (0..<rows).map { segments.part($0..<$0 + 1).rearranged(as: "segments", shape: [hidden, channels, 1]) }
        let columns = dense.rearranged(as: "dense", axes: [1, 0])
        return stride(from: 0, to: hidden, by: slice).map { first in
            let range = first..<min(hidden, first + slice)
            return Slice(
                segments: parts.map { Convolution(weight: $0.part(range), bias: bias.part(range)) },
                dense: Convolution(
                    weight: columns.part(range).rearranged(as: "dense", axes: [1, 0], shape: [size, range.count, 1]),
                    bias: first == 0 ? denseBias : none))
        }
    }

    /// Multiply-adds of one patch.
    package var multiplyAdds: Int {
        let (rows, hidden, channels) = (ClipArchitecture.rows, 64 * width, 8 * width)
        let size = Self.embedding
        return stack.multiplyAdds + ClipArchitecture.columns * rows * hidden * channels
            + form.instances * (hidden * size + 3 * size * size)
    }
}

/// The conversion of the rows of a patch to instances.
package enum PatchForm: Sendable {
    /// Every row is a separate instance.
    case apart
    /// The same, with the row appended to each instance as a one-hot vector.
    case identified
    /// The rows of a column are one instance.
    case joined

    /// Number of instances of one patch.
    package var instances: Int {
        self == .joined ? ClipArchitecture.columns : ClipArchitecture.columns * ClipArchitecture.rows
    }
    /// Floats of one instance.
    package var instanceSize: Int { PatchWeights.embedding + (self == .identified ? ClipArchitecture.rows : 0) }
}
