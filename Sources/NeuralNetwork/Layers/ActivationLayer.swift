// The non-linearities: element-wise functions.

extension LayerDescription {
    /// max(x, 0).
    public static let relu = LayerDescription(ReluPlan())
    /// x for x above zero, otherwise 0.01 x.
    public static let leakyRelu = LayerDescription(LeakyReluPlan())
    /// 1 / (1 + exp(-x)).
    public static let sigmoid = LayerDescription(SigmoidPlan())
}

/// The common part of the plans of activations: they have no keys and no weights.
package protocol ActivationPlan: LayerPlan {
    init()
    static var activation: Activation { get }
}

extension ActivationPlan {
    package static var keys: Set<String> { [] }
    package init(_ fields: LayerFields) throws { self.init() }
    package var fields: [(key: String, value: any Encodable)] { [] }

    package func build(_ builder: inout NetworkBuilder) throws(NetworkError) -> [any Stage] {
        [ActivationStage(activation: Self.activation, channels: builder.channels)]
    }
}

package struct ReluPlan: ActivationPlan {
    package static let type = "relu"
    package static let activation = Activation.relu
    package init() {}
}

package struct LeakyReluPlan: ActivationPlan {
    package static let type = "leaky_relu"
    package static let activation = Activation.leakyRelu
    package init() {}
}

package struct SigmoidPlan: ActivationPlan {
    package static let type = "sigmoid"
    package static let activation = Activation.sigmoid
    package init() {}
}

struct ActivationStage: Stage {
    let activation: Activation
    let channels: Int

    func streaming(step: inout Int, maximumFrames: Int) -> any Layer {
        ActivationLayer(activation, channels: channels)
    }

    func offline(_ sequence: [Float], padding: Padding) -> [Float] {
        .filled(sequence.count) { activation.apply(to: sequence, into: $0, count: sequence.count) }
    }
}

/// An activation in a stream, without state.
final class ActivationLayer: StatelessLayer {
    private let activation: Activation
    let inputSize: Int
    var outputSize: Int { inputSize }

    init(_ activation: Activation, channels: Int) {
        self.activation = activation
        inputSize = channels
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        activation.apply(to: input, into: output, count: block.frames * inputSize)
    }
}
