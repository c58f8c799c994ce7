// The weights of one convolution, rounded to 8 bits.

import CVector

/// Weights `[outputs][inputs][taps]` as whole numbers from -127 to 127 times one scale for each output; see
/// `timbre_convolve_quantized`.
final class QuantizedConvolution: @unchecked Sendable {
    // Sendable because only `init` writes the memory.

    let outputs: Int
    let inputs: Int
    let taps: Int
    private let packed: TimbreQuantized

    /// The byte that stands for zero in an input frame.
    static let zero = UInt8(timbre_quantized_zero)
    /// Bytes behind an input that the kernel may read.
    static let overread = 3

    /// Rounds PyTorch's `Conv1d` tensors, `weight` of shape `[outputs, inputs, taps]` and `bias` of shape `[outputs]`.
    init(weight: Tensor, bias: Tensor) {
        (outputs, inputs, taps) = (weight.shape[0], weight.shape[1], weight.shape[2])
        let lanes = Int(timbre_panel)
        let panels = (outputs + lanes - 1) / lanes
        let weights = UnsafeMutableRawPointer.allocate(
            byteCount: timbre_quantized_count(outputs, inputs, taps), alignment: 64
        ).bindMemory(to: Int8.self, capacity: timbre_quantized_count(outputs, inputs, taps))
        let corrections = UnsafeMutablePointer<Int32>.allocate(capacity: panels * taps * lanes)
        let scales = UnsafeMutablePointer<Float>.allocate(capacity: panels * lanes)
        let biases = UnsafeMutablePointer<Float>.allocate(capacity: panels * lanes)
        biases.initialize(repeating: 0, count: panels * lanes)
        biases.update(from: bias.floats, count: outputs)
        timbre_pack_quantized(weight.floats, outputs, inputs, taps, weights, corrections, scales)
        packed = TimbreQuantized(
            weights: weights, corrections: corrections, scales: scales, bias: biases, outputs: outputs, inputs: inputs,
            taps: taps)
    }

    deinit {
        UnsafeMutableRawPointer(mutating: packed.weights).deallocate()
        UnsafeMutablePointer(mutating: packed.corrections).deallocate()
        UnsafeMutablePointer(mutating: packed.scales).deallocate()
        UnsafeMutablePointer(mutating: packed.bias).deallocate()
    }

    /// Writes `rows` outputs, `[rows][outputs]`, or adds to them; `frames` and `scales` are `[taps][rows]`.
    ///
    /// - Parameter anywhere: whether to use the code that runs on every processor, for tests.
    func apply(
        to frames: UnsafePointer<UnsafePointer<UInt8>?>, scales: UnsafePointer<Float>,
        into output: UnsafeMutablePointer<Float>, rows: Int, accumulate: Bool = false, anywhere: Bool = false
    ) {
        withUnsafePointer(to: packed) {
            timbre_convolve_quantized($0, frames, scales, output, rows, accumulate, anywhere)
        }
    }
}
