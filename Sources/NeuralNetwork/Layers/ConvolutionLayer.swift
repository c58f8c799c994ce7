// A dilated 1-D convolution over time.

extension LayerDescription {
    /// 1-D convolution over time: `NAME.weight [outputs, inputs, kernel]`, `NAME.bias [outputs]`.
    public static func convolution(name: String, outputs: Int, kernel: Int, dilation: Int) -> LayerDescription {
        LayerDescription(ConvolutionPlan(name: name, outputs: outputs, kernel: kernel, dilation: dilation))
    }
}

package struct ConvolutionPlan: LayerPlan {
    package static let type = "conv"
    package static let keys: Set<String> = ["name", "outputs", "kernel", "dilation"]
    package let name: String
    package let outputs: Int
    package let kernel: Int
    package let dilation: Int

    init(name: String, outputs: Int, kernel: Int, dilation: Int) {
        (self.name, self.outputs, self.kernel, self.dilation) = (name, outputs, kernel, dilation)
    }
    package init(_ fields: LayerFields) throws {
        name = try fields.value("name")
        outputs = try fields.value("outputs")
        kernel = try fields.value("kernel")
        dilation = try fields.value("dilation", or: 1)
    }
    package var fields: [(key: String, value: any Encodable)] {
        [("name", name), ("outputs", outputs), ("kernel", kernel), ("dilation", dilation)]
    }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.require(outputs, in: 1...NetworkBuilder.mostChannels, "outputs")
        try builder.require(kernel, in: 1...1024, "kernel")
        try builder.require(dilation, in: 1...1024, "dilation")
        try builder.reachBack((kernel - 1) * dilation * builder.step)
        let convolution = try builder.weights(name, outputs: outputs, kernel: kernel)
        builder.channels = outputs
        return [ConvolutionStage(convolution: convolution, dilation: dilation)]
    }
}

/// `dilation` is the value of the description; in a stream, pooling before the layer increases it.
struct ConvolutionStage: Stage {
    let convolution: Convolution
    let dilation: Int

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        CausalConvolution(convolution, dilation: dilation * step, maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        let frames = sequence.count / convolution.inputs
        let past = convolution.past(dilation: dilation)
        let before = padding.before(past)
        let padded =
            [Float].zeros(before * convolution.inputs) + sequence + .zeros((past - before) * convolution.inputs)
        return .filled(frames * convolution.outputs) {
            convolution.apply(to: padded, dilation: dilation, into: $0, frames: frames)
        }
    }
}

/// Causal convolution; frames before the first are zeros.
final class CausalConvolution: Layer {
    private let convolution: Convolution
    private let dilation: Int
    private let history: History
    var inputSize: Int { convolution.inputs }
    var outputSize: Int { convolution.outputs }

    init(_ convolution: Convolution, dilation: Int, maximumFrames: Int) {
        self.convolution = convolution
        self.dilation = dilation
        history = History(
            frameSize: convolution.inputs, past: convolution.past(dilation: dilation), maximumFrames: maximumFrames,
            fill: 0)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        guard convolution.taps > 1 else {
            convolution.apply(to: input, into: output, frames: frames)
            return
        }
        let newest = history.append(frames)
        newest.update(from: input, count: frames * inputSize)
        convolution.apply(
            to: newest - convolution.past(dilation: dilation) * inputSize, dilation: dilation, into: output,
            frames: frames)
    }

    func reset() { history.reset() }
}
