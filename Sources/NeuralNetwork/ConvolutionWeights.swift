// The weights of one convolution in the precisions in which they are used.

/// The weights of one convolution, as they are and, where a stream is to use them, rounded.
package struct ConvolutionWeights: Sendable {
    /// The weights of the file. Whole sequences are evaluated with these always.
    package let full: Convolution
    let quantized: QuantizedConvolution?

    /// Inputs of a window: with fewer, rounding saves nothing; with more, a sum might not fit into 32 bits.
    static let quantizedInputs = 32...65_536

    init(weight: Tensor, bias: Tensor, precision: Precision) {
        full = Convolution(weight: weight, bias: bias)
        quantized = Self.quantized(weight, bias: bias, precision)
    }

    /// Returns the rounded weights `[outputs][inputs][taps]` where they are wanted and save something.
    static func quantized(_ weight: Tensor, bias: Tensor, _ precision: Precision) -> QuantizedConvolution? {
        precision == .int8 && quantizedInputs.contains(weight.shape[1])
            ? QuantizedConvolution(weight: weight, bias: bias) : nil
    }
}
