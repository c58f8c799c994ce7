// The residual block of Hung & Yang 2018, figure 1(c).

extension LayerDescription {
    /// The residual block of Hung & Yang 2018, figure 1(c), with kernels of 3: `NAME.bn1`, `.conv1`, `.bn2`, `.conv2`,
    /// `.bn3` and the shortcut `.sk`.
    public static func residual(name: String, outputs: Int, dilation: Int) -> LayerDescription {
        LayerDescription(ResidualPlan(name: name, outputs: outputs, dilation: dilation))
    }
}

package struct ResidualPlan: LayerPlan {
    package static let type = "residual"
    package static let keys: Set<String> = ["name", "outputs", "dilation"]
    package let name: String
    package let outputs: Int
    package let dilation: Int

    init(name: String, outputs: Int, dilation: Int) {
        (self.name, self.outputs, self.dilation) = (name, outputs, dilation)
    }
    package init(_ fields: LayerFields) throws {
        name = try fields.value("name")
        outputs = try fields.value("outputs")
        dilation = try fields.value("dilation", or: 1)
    }
    package var fields: [(key: String, value: any Encodable)] {
        [("name", name), ("outputs", outputs), ("dilation", dilation)]
    }

    /// y = conv1(bn1(x)), without a non-linearity between them; y = conv2(relu(bn2(y))); bn3(y) + sk(x).
    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        try builder.require(outputs, in: 1...NetworkBuilder.mostChannels, "outputs")
        let skip = try builder.weights("\(name).sk", outputs: outputs, kernel: 1)
        let parts: [any LayerPlan] = [
            BatchNormPlan(name: "\(name).bn1"), convolution("conv1"), BatchNormPlan(name: "\(name).bn2"), ReluPlan(),
            convolution("conv2"), BatchNormPlan(name: "\(name).bn3"),
        ]
        var main: [any Stage] = []
        for part in parts { main += try part.build(&builder) }
        return [ResidualStage(main: main, skip: skip)]
    }

    private func convolution(_ part: String) -> ConvolutionPlan {
        ConvolutionPlan(name: "\(name).\(part)", outputs: outputs, kernel: 3, dilation: dilation)
    }
}

/// The sum of a chain without pooling and a convolution of one tap.
struct ResidualStage: Stage {
    let main: [any Stage]
    let skip: ConvolutionWeights

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        ResidualLayer(
            main: main.layers(step: step, maximumFrames: maximumFrames), skip: skip, maximumFrames: maximumFrames)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        var sum = main.evaluate(sequence, padding: padding)
        skip.full.apply(to: sequence, into: &sum, frames: sequence.count / skip.full.inputs, accumulate: true)
        return sum
    }
}

/// `main(x) + skip(x)`, where the skip is a convolution of one tap.
final class ResidualLayer: Layer {
    private let main: LayerChain
    private let skip: Skip
    var inputSize: Int { main.inputSize }
    var outputSize: Int { main.outputSize }

    private enum Skip {
        case full(Convolution)
        case quantized(QuantizedLayer)
    }

    init(main: LayerChain, skip: ConvolutionWeights, maximumFrames: Int) {
        self.main = main
        self.skip =
            skip.quantized.map {
                .quantized(
                    QuantizedLayer(
                        $0, .init(frameSize: $0.inputs), dilation: 1, maximumFrames: maximumFrames, accumulates: true))
            } ?? .full(skip.full)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        main.process(input, output, block)
        switch skip {
        case .full(let skip): skip.apply(to: input, into: output, frames: block.frames, accumulate: true)
        case .quantized(let skip): skip.process(input, output, block)
        }
    }

    // A skip of one tap remembers nothing.
    func addLane() {
        main.addLane()
        if case .quantized(let skip) = skip { skip.addLane() }
    }

    func reset(lane: Int) { main.reset(lane: lane) }
}
