// A convolution over bins and time: the same weights at every bin, so that a timbre learned at one pitch is recognised
// at all pitches.

import CVector

/// Weights `[outputs][planes][span][kernel]`, applied at every `stride`-th bin of frames with consecutive bins.
///
/// A frame is `[bins][planes]`, an output frame `[ceil(bins / stride)][outputs]`; zeros are assumed beyond both ends
/// of the axis of bins.
struct SpectralConvolution: Sendable {
    /// One convolution over bins for each input frame of an output, oldest first; only the first adds the bias.
    private let taps: [Convolution]
    /// The same weights as a convolution over consecutive bytes, where a stream is to use them.
    let quantized: QuantizedConvolution?
    private let planes: Int
    private let bins: Int
    private let span: Int
    private let stride: Int

    /// Divides PyTorch's `Conv2d` tensors, `weight` of shape `[outputs, planes, span, kernel]`, along their last axis.
    init(weight: Tensor, bias: Tensor, bins: Int, stride: Int, precision: Precision = .full) {
        (planes, span) = (weight.shape[1], weight.shape[2])
        self.bins = bins
        self.stride = stride
        let byTime = weight.rearranged(as: weight.name, axes: [3, 0, 1, 2])
        let none = Tensor(
            name: bias.name, shape: bias.shape, elements: .single([Float](repeating: 0, count: bias.count)))
        // A window of `span` bins is as many times `planes` consecutive numbers.
        let window = weight.rearranged(
            as: weight.name, axes: [0, 2, 1, 3], shape: [weight.shape[0], span * planes, weight.shape[3]])
        quantized = ConvolutionWeights.quantized(window, bias: bias, precision)
        taps = (0..<weight.shape[3]).map { Convolution(weight: byTime[$0], bias: $0 == 0 ? bias : none) }
    }

    /// Floats in an input frame.
    var inputSize: Int { bins * planes }
    /// Floats in an output frame.
    var outputSize: Int { outputBins * (taps.first?.outputs ?? 0) }
    /// Floats in an input frame with the zeros at both ends.
    var paddedSize: Int { inputSize + 2 * margin }
    private var margin: Int { span / 2 * planes }
    private var outputBins: Int { (bins - 1) / stride + 1 }

    /// Returns the number of frames before the newest that one output needs when its input frames are `dilation`
    /// frames apart.
    func past(dilation: Int) -> Int { (taps.count - 1) * dilation }

    /// The windows of a frame for the rounded weights.
    var windows: QuantizedLayer.Windows {
        .init(frameSize: inputSize, margin: margin, positions: outputBins, step: stride * planes)
    }

    /// Copies frames between existing zeros: `[frames][inputSize]` to `[frames][paddedSize]`.
    func pad(_ input: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Float>, frames: Int) {
        for frame in 0..<frames {
            (padded + frame * paddedSize + margin).update(from: input + frame * inputSize, count: inputSize)
        }
    }

    /// Writes `frames` output frames; `padded` points to the oldest frame that the first of them needs.
    func apply(
        to padded: UnsafePointer<Float>, dilation: Int, into output: UnsafeMutablePointer<Float>, frames: Int
    ) {
        for frame in 0..<frames {
            for (tap, convolution) in taps.enumerated() {
                convolution.apply(
                    to: padded + (frame + tap * dilation) * paddedSize, frameStride: stride * planes,
                    tapStride: planes, into: output + frame * outputSize, frames: outputBins, accumulate: tap > 0)
            }
        }
    }
}
