// The weights of one 2-D convolution of a patch network, divided into slices of outputs.

/// A 3 x 3 convolution with zeros around the patch, ReLU and optional 2 x 2 max pooling.
///
/// A stream computes one slice at a time: the work of a slice is bounded, and its weights stay in the second-level
/// cache while all rows of the patch are processed.
struct PatchConvolution: Sendable {
    /// Number of input channels.
    let inputs: Int
    /// Number of output channels.
    let outputs: Int
    /// Whether pooling halves rows and columns.
    let pools: Bool
    /// Convolutions over the three columns and all channels of a row, whose taps are the three rows.
    let slices: [Convolution]

    /// Outputs of one slice: two panels of the kernels.
    static let slice = 32

    /// Reads `NAME.weight [outputs, inputs, 3, 3]` and `NAME.bias [outputs]`, in PyTorch's order.
    init(_ name: String, inputs: Int, outputs: Int, pools: Bool, tensors: [String: Tensor]) throws(NetworkError) {
        let weight = try tensors.require("\(name).weight", shape: [outputs, inputs, 3, 3])
        let bias = try tensors.require("\(name).bias", shape: [outputs])
        let rows = weight.rearranged(as: weight.name, axes: [0, 3, 1, 2], shape: [outputs, 3 * inputs, 3])
        self.inputs = inputs
        self.outputs = outputs
        self.pools = pools
        slices = stride(from: 0, to: outputs, by: Self.slice).map { first in
            let range = first..<min(outputs, first + Self.slice)
            return Convolution(weight: rows.part(range), bias: bias.part(range))
        }
    }
}
