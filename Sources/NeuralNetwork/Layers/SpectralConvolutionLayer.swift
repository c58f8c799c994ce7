// A convolution over bins and time.

extension LayerDescription {
    /// 2-D convolution over bins and, causally, time: `NAME.weight [outputs, planes, span, kernel]`, `NAME.bias
    /// [outputs]`.
    ///
    /// The input frame is `[bins][planes]`; every `stride`-th bin is an output, and zeros are assumed beyond both
    /// ends.
    public static func spectralConvolution(
        name: String, bins: Int, outputs: Int, span: Int, kernel: Int, stride: Int
    ) -> LayerDescription {
        LayerDescription(
            SpectralConvolutionPlan(
                name: name, bins: bins, outputs: outputs, span: span, kernel: kernel, stride: stride))
    }
}

package struct SpectralConvolutionPlan: LayerPlan {
    package static let type = "conv_2d"
    package static let keys: Set<String> = ["name", "bins", "outputs", "span", "kernel", "stride"]
    package let name: String
    package let bins: Int
    package let outputs: Int
    package let span: Int
    package let kernel: Int
    package let stride: Int

    init(name: String, bins: Int, outputs: Int, span: Int, kernel: Int, stride: Int) {
        (self.name, self.bins, self.outputs) = (name, bins, outputs)
        (self.span, self.kernel, self.stride) = (span, kernel, stride)
    }
    package init(_ fields: LayerFields) throws {
        name = try fields.value("name")
        bins = try fields.value("bins")
        outputs = try fields.value("outputs")
        span = try fields.value("span")
        kernel = try fields.value("kernel")
        stride = try fields.value("stride", or: 1)
    }
    package var fields: [(key: String, value: any Encodable)] {
        [
            ("name", name), ("bins", bins), ("outputs", outputs), ("span", span), ("kernel", kernel),
            ("stride", stride),
        ]
    }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.require(bins, in: 1...NetworkBuilder.mostChannels, "bins")
        try builder.require(outputs, in: 1...NetworkBuilder.mostChannels, "outputs")
        try builder.require(span, in: 1...1023, "span")
        try builder.require(kernel, in: 1...1024, "kernel")
        try builder.require(stride, in: 1...bins, "stride")
        try builder.requirePlanes(bins)
        guard span % 2 == 1 else {
            throw builder.invalid("'span' is \(span); it must be odd, to be centred on its bin")
        }
        // The stored frames have zeros at both ends, many for a wide span.
        try builder.reachBack(
            (kernel - 1) * builder.step, frameSize: builder.channels + (span - 1) * (builder.channels / bins))
        let outputBins = (bins - 1) / stride + 1
        try builder.require(outputBins * outputs, in: 1...NetworkBuilder.mostChannels, "outputs at all bins")
        let weight = try builder.tensors.require(
            "\(name).weight", shape: [outputs, builder.channels / bins, span, kernel])
        let bias = try builder.tensors.require("\(name).bias", shape: [outputs])
        builder.parameterCount += weight.count + bias.count
        builder.multiplyAdds += weight.count * outputBins
        builder.channels = outputBins * outputs
        return [
            SpectralConvolution(
                weight: weight, bias: bias, bins: bins, stride: stride, precision: builder.precision)
        ]
    }
}

/// In a stream, pooling before the layer dilates it.
extension SpectralConvolution: Stage {
    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        if let quantized {
            return QuantizedLayer(quantized, windows, dilation: step, maximumFrames: maximumFrames)
        }
        return SpectralConvolutionLayer(self, dilation: step, maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        let frames = sequence.count / inputSize
        let past = past(dilation: 1)
        var padded = [Float].zeros((frames + past) * paddedSize)
        padded.withUnsafeMutableBufferPointer {
            guard let start = $0.baseAddress else { return }
            pad(sequence, into: start + padding.before(past) * paddedSize, frames: frames)
        }
        return .filled(frames * outputSize) { apply(to: padded, dilation: 1, into: $0, frames: frames) }
    }
}

/// Causal in time; frames before the first are zeros.
final class SpectralConvolutionLayer: Layer {
    private let convolution: SpectralConvolution
    private let dilation: Int
    private var histories: Histories<Float>
    var inputSize: Int { convolution.inputSize }
    var outputSize: Int { convolution.outputSize }

    init(_ convolution: SpectralConvolution, dilation: Int, maximumFrames: Int) {
        self.convolution = convolution
        self.dilation = dilation
        // Frames are padded in place: the zeros between them are written only here.
        histories = Histories(
            frameSize: convolution.paddedSize, past: convolution.past(dilation: dilation),
            maximumFrames: maximumFrames, fill: 0)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        let past = convolution.past(dilation: dilation) * convolution.paddedSize
        histories.append(block) { newest, index, frames in
            convolution.pad(input + index * inputSize, into: newest, frames: frames)
            convolution.apply(
                to: newest - past, dilation: dilation, into: output + index * outputSize, frames: frames)
        }
    }

    func addLane() { histories.addLane() }

    func reset(lane: Int) { histories.reset(lane: lane) }
}
