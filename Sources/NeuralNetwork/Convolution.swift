// The weights of one 1-D convolution or dense layer, packed for the kernels and shared by all users.

import CVector

/// Weights `[outputs][inputs][taps]` and biases `[outputs]`, ready to be applied to frames.
///
/// Half-precision weights remain in half precision where the processor converts them at no cost: a live network reads
/// all its weights for every frame, and its speed is limited by memory, not by arithmetic.
public final class Convolution: @unchecked Sendable {
    // Sendable because only `init` writes the memory.

    /// Floats in one output frame.
    public let outputs: Int
    /// Floats in one input frame.
    public let inputs: Int
    /// Number of input frames per output frame: the kernel's size.
    public let taps: Int
    private let packed: TimbreConvolution

    /// Number of frames whose inputs and outputs stay in the nearer caches while the weights are read.
    private static let blockFrames = 48

    /// Packs PyTorch's `Conv1d` tensors, `weight` of shape `[outputs, inputs, taps]` and `bias` of shape `[outputs]`.
    public init(weight: Tensor, bias: Tensor) {
        (outputs, inputs, taps) = (weight.shape[0], weight.shape[1], weight.shape[2])
        let count = timbre_packed_count(outputs, inputs, taps)
        let half: Bool
        let weights: UnsafeMutableRawPointer
        switch weight.elements {
        case .half(let halves) where timbre_half_is_fast():
            half = true
            weights = .allocate(byteCount: count * 2, alignment: 64)
            timbre_pack_half(halves, outputs, inputs, taps, weights.bindMemory(to: UInt16.self, capacity: count))
        default:
            half = false
            weights = .allocate(byteCount: count * 4, alignment: 64)
            timbre_pack_float(weight.floats, outputs, inputs, taps, weights.bindMemory(to: Float.self, capacity: count))
        }
        let biases = UnsafeMutablePointer<Float>.allocate(capacity: outputs + timbre_panel)
        biases.initialize(repeating: 0, count: outputs + timbre_panel)
        biases.update(from: bias.floats, count: outputs)
        packed = TimbreConvolution(
            weights: weights, bias: biases, half: half, outputs: outputs, inputs: inputs, taps: taps)
    }

    deinit {
        UnsafeMutableRawPointer(mutating: packed.weights).deallocate()
        UnsafeMutablePointer(mutating: packed.bias).deallocate()
    }

    /// Returns the number of frames before the newest that one output needs when the taps are `dilation` frames apart.
    public func past(dilation: Int) -> Int { (taps - 1) * dilation }

    /// Writes `frames` output frames, or adds to them with `accumulate`.
    ///
    /// `input` points to the oldest tap of the first output frame, so `frames + past(dilation:)` input frames are
    /// read.
    public func apply(
        to input: UnsafePointer<Float>, dilation: Int = 1, into output: UnsafeMutablePointer<Float>, frames: Int,
        accumulate: Bool = false
    ) {
        apply(
            to: input, frameStride: inputs, tapStride: dilation * inputs, into: output, frames: frames,
            accumulate: accumulate)
    }

    /// The same for frames that begin `frameStride` floats apart and whose taps are `tapStride` floats apart.
    public func apply(
        to input: UnsafePointer<Float>, frameStride: Int, tapStride: Int, into output: UnsafeMutablePointer<Float>,
        frames: Int, accumulate: Bool = false
    ) {
        withUnsafePointer(to: packed) { packed in
            for first in stride(from: 0, to: frames, by: Self.blockFrames) {
                timbre_convolve(
                    packed, input + first * frameStride, frameStride, tapStride, output + first * outputs,
                    min(Self.blockFrames, frames - first), accumulate)
            }
        }
    }
}

extension Convolution {
    /// Reads `NAME.weight [outputs, inputs]` and, where there is one, `NAME.bias [outputs]`.
    public convenience init(
        dense name: String, inputs: Int, outputs: Int, hasBias: Bool = true, tensors: [String: Tensor]
    ) throws(NetworkError) {
        let weight = try tensors.require("\(name).weight", shape: [outputs, inputs])
        self.init(
            weight: weight.rearranged(as: weight.name, shape: [outputs, inputs, 1]),
            bias: hasBias
                ? try tensors.require("\(name).bias", shape: [outputs])
                : Tensor(name: "none", shape: [outputs], elements: .single([Float](repeating: 0, count: outputs))))
    }
}
