// Consecutive dense layers for independent vectors.

/// Validated layers with their weights and without state; any number of evaluators may share them.
public struct DenseChain: Sendable {
    /// A layer to be built.
    public enum Layer: Sendable {
        /// `NAME.weight`, `.bias`, `.running_mean` and `.running_var`.
        case batchNorm(String)
        /// `NAME.weight [outputs, inputs]` and `NAME.bias`.
        case dense(String, outputs: Int)
        /// The same without a bias.
        case unbiased(String, outputs: Int)
        /// An element-wise function.
        case relu, leakyRelu, sigmoid
    }

    enum Stage: Sendable {
        case affine(Affine)
        case dense(Convolution)
        case activation(Activation)
    }

    /// Floats of an input vector.
    public let inputs: Int
    /// Floats of an output vector.
    public private(set) var outputs: Int
    /// Multiply-adds for one vector.
    public private(set) var multiplyAdds = 0
    let stages: [Stage]
    /// Floats of the widest intermediate vector.
    let width: Int

    /// Builds `layers` for vectors of `inputs` floats.
    public init(inputs: Int, _ layers: [Layer], tensors: [String: Tensor]) throws(NetworkError) {
        var (channels, width, work) = (inputs, inputs, 0)
        func dense(_ name: String, _ outputs: Int, hasBias: Bool) throws(NetworkError) -> Stage {
            let layer = try Convolution(
                dense: name, inputs: channels, outputs: outputs, hasBias: hasBias, tensors: tensors)
            work += channels * outputs
            channels = outputs
            width = max(width, outputs)
            return .dense(layer)
        }
        var stages: [Stage] = []
        for layer in layers {
            switch layer {
            case .batchNorm(let name):
                stages.append(.affine(try Affine(batchNorm: name, channels: channels, tensors: tensors)))
            case .dense(let name, let outputs): stages.append(try dense(name, outputs, hasBias: true))
            case .unbiased(let name, let outputs): stages.append(try dense(name, outputs, hasBias: false))
            case .relu: stages.append(.activation(.relu))
            case .leakyRelu: stages.append(.activation(.leakyRelu))
            case .sigmoid: stages.append(.activation(.sigmoid))
            }
        }
        self.inputs = inputs
        self.stages = stages
        self.width = width
        outputs = channels
        multiplyAdds = work
    }
}
