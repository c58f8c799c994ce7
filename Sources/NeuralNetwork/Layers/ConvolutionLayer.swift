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
        try builder.reachBack(
            (kernel - 1) * dilation * builder.step,
            beside: kernel > 1 ? StreamingNetwork.mostFrames * kernel * builder.channels : 0)
        let weights = try builder.weights(name, outputs: outputs, kernel: kernel)
        builder.channels = outputs
        return [ConvolutionStage(weights: weights, dilation: dilation)]
    }
}

/// `dilation` is the value of the description; in a stream, pooling before the layer increases it.
struct ConvolutionStage: Stage {
    let weights: ConvolutionWeights
    let dilation: Int

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        if let quantized = weights.quantized {
            return QuantizedLayer(
                quantized, .init(frameSize: quantized.inputs), dilation: dilation * step, maximumFrames: maximumFrames)
        }
        return CausalConvolution(weights.full, dilation: dilation * step, maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        let convolution = weights.full
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
///
/// The frames of one stream are convolved where they lie in its history. For one frame of each of several streams, the
/// taps are copied side by side: few numbers beside the weights, which are then read once for all streams.
final class CausalConvolution: Layer {
    private let convolution: Convolution
    private let dilation: Int
    private var histories: Histories<Float>
    /// The taps of every frame of a row, `[maximumFrames][taps][inputSize]`.
    private let gathered: UnsafeMutablePointer<Float>
    var inputSize: Int { convolution.inputs }
    var outputSize: Int { convolution.outputs }

    init(_ convolution: Convolution, dilation: Int, maximumFrames: Int) {
        self.convolution = convolution
        self.dilation = dilation
        histories = Histories(
            frameSize: convolution.inputs, past: convolution.past(dilation: dilation), maximumFrames: maximumFrames,
            fill: 0)
        let capacity = convolution.taps > 1 ? maximumFrames * convolution.taps * convolution.inputs : 0
        gathered = .allocate(capacity: capacity)
        gathered.initialize(repeating: 0, count: capacity)
    }

    deinit { gathered.deallocate() }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        guard convolution.taps > 1 else {
            convolution.apply(to: input, into: output, frames: block.frames)
            return
        }
        let past = convolution.past(dilation: dilation) * inputSize
        histories.append(block) { newest, index, frames in
            newest.update(from: input + index * inputSize, count: frames * inputSize)
            switch block {
            case .run: convolution.apply(to: newest - past, dilation: dilation, into: output, frames: frames)
            case .row: gather(newest - past, at: index)
            }
        }
        if case .row(let lanes) = block {
            convolution.apply(
                to: gathered, frameStride: convolution.taps * inputSize, tapStride: inputSize, into: output,
                frames: lanes.count)
        }
    }

    private func gather(_ oldest: UnsafePointer<Float>, at index: Int) {
        for tap in 0..<convolution.taps {
            (gathered + (index * convolution.taps + tap) * inputSize).update(
                from: oldest + tap * dilation * inputSize, count: inputSize)
        }
    }

    func addLane() { histories.addLane() }

    func reset(lane: Int) { histories.reset(lane: lane) }
}
