// The weights of Sightreader and of the recurrent attention models beside it, shared by all streams.

import NeuralNetwork

/// Sees patches of log-mel around one place, keeps a state, and says where to look next and what it heard.
///
/// A glimpse and its place each pass a dense layer and a ReLU, their sum one more (equations 6 and 7 of the paper); the
/// recurrent core takes the result. From its state a dense layer and tanh make the next place, another the opinion.
public struct GlimpseNetwork: Sendable {
    enum Core: Sendable {
        case plain(RecurrentWeights)
        case gated(GatedRecurrentWeights)

        /// A core with a state of its own.
        func layer() -> any Layer {
            switch self {
            case .plain(let weights): RecurrentUnit(weights)
            case .gated(let weights): GatedRecurrentUnit(weights)
            }
        }
    }

    /// Which model.
    public let architecture: GlimpseArchitecture
    /// Units of the core; 256 as published. The dense layers before it follow.
    public let width: Int
    /// Instruments.
    public var classes: Int { classifier.outputs }
    let sensor: Convolution
    let location: Convolution
    let glimpse: Convolution
    let core: Core
    let next: Convolution
    let classifier: Convolution

    /// Builds the network from the tensors of its file.
    public init(
        _ architecture: GlimpseArchitecture, width: Int, classes: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        self.architecture = architecture
        self.width = width
        let seen = width / 2
        sensor = try Convolution(dense: "sensor", inputs: architecture.values, outputs: seen, tensors: tensors)
        location = try Convolution(dense: "location", inputs: 2, outputs: seen, tensors: tensors)
        glimpse = try Convolution(dense: "glimpse", inputs: seen, outputs: width, tensors: tensors)
        core =
            architecture == .squareRecurrent
            ? .plain(try RecurrentWeights("core", "l0", inputs: width, units: width, tensors: tensors))
            : .gated(try GatedRecurrentWeights("core", "l0", inputs: width, units: width, tensors: tensors))
        next = try Convolution(dense: "next", inputs: width, outputs: 2, tensors: tensors)
        classifier = try Convolution(dense: "classifier", inputs: width, outputs: classes, tensors: tensors)
    }

    /// Multiply-adds of one window, however long it is.
    public var multiplyAdds: Int {
        let gates = architecture == .squareRecurrent ? 1 : 3
        let layers = [sensor, location, glimpse, next].reduce(2 * gates * width * width) { $0 + $1.inputs * $1.outputs }
        return GlimpseArchitecture.glimpses * layers + width * classes
    }
}
