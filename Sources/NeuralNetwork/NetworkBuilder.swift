// Combines a description with its tensors and validates them, layer by layer.

/// Tracks the shape of the data through the layers while their plans build the stages.
package struct NetworkBuilder {
    /// The tensors of the model.
    package let tensors: [String: Tensor]
    /// The precision of convolutions.
    package let precision: Precision
    /// Number of layers of the description that are built.
    private var index = 0
    /// Floats in a frame after the last stage.
    package var channels: Int
    /// Input frames per frame after the last stage, with strided pooling.
    package var step = 1
    /// Number of frames before the newest on which the newest output depends.
    private(set) var past = 0
    /// Multiply-adds of one frame of a stream.
    package var multiplyAdds = 0
    /// Trained parameters.
    package var parameterCount = 0

    /// Limits on the values of a description, far above any useful network: they keep a forged description from
    /// requesting more memory than the machine has.
    package static let mostChannels = 1 << 16
    private static let most = (past: 1 << 16, history: 1 << 25)
    /// Floats that all layers together allocate for one stream; the limit is 128 MiB.
    private var remembered = 0

    init(inputs: Int, tensors: [String: Tensor], precision: Precision = .full) throws(NetworkError) {
        guard (1...Self.mostChannels).contains(inputs) else {
            throw .invalidNetwork(reason: "'inputs' is \(inputs), outside 1...\(Self.mostChannels)")
        }
        self.tensors = tensors
        self.precision = precision
        channels = inputs
    }

    /// Builds the stages of the next layer of the description.
    mutating func build(_ layer: LayerDescription) throws(NetworkError) -> [any Stage] {
        defer { index += 1 }
        return try layer.plan.build(&self)
    }

    /// Returns the error that the current layer is inconsistent or does not match its input.
    package func invalid(_ reason: String) -> NetworkError { .invalidLayer(index: index, reason: reason) }

    /// Throws for a value outside its range.
    package func require(_ value: Int, in range: ClosedRange<Int>, _ key: String) throws(NetworkError) {
        guard range.contains(value) else { throw invalid("'\(key)' is \(value), outside \(range)") }
    }

    /// Throws when the channels cannot be divided into equal planes.
    package func requirePlanes(_ planes: Int) throws(NetworkError) {
        guard planes >= 1, channels.isMultiple(of: planes) else {
            throw invalid("\(channels) channels do not divide into \(planes) equal runs")
        }
    }

    /// Records that the newest output depends on this number of additional frames before it, which a stream must
    /// store.
    ///
    /// - Parameters:
    ///   - frameSize: floats in a stored frame; by default all channels.
    ///   - beside: floats that the layer allocates besides the frames.
    package mutating func reachBack(_ frames: Int, frameSize: Int? = nil, beside: Int = 0) throws(NetworkError) {
        let frameSize = frameSize ?? channels
        past += frames
        remembered += (2 * frames + 1) * frameSize + beside
        guard past <= Self.most.past, remembered <= Self.most.history else {
            throw invalid(
                "its state would be \(frames) frames of \(frameSize) numbers, and together with the layers before "
                    + "it more than 128 MiB")
        }
    }

    /// Reads a convolution over all channels: `NAME.weight [outputs, channels, kernel]`, `NAME.bias [outputs]`.
    package mutating func weights(
        _ name: String, outputs: Int, kernel: Int
    ) throws(NetworkError) -> ConvolutionWeights {
        let weight = try tensors.require("\(name).weight", shape: [outputs, channels, kernel])
        let bias = try tensors.require("\(name).bias", shape: [outputs])
        parameterCount += weight.count + bias.count
        multiplyAdds += weight.count
        return ConvolutionWeights(weight: weight, bias: bias, precision: precision)
    }
}

/// Input size and layers, first to last.
public struct NetworkDescription: Codable, Equatable, Sendable {
    /// Floats in one input frame.
    public var inputs: Int
    /// The layers, in the order of their application.
    public var layers: [LayerDescription]

    /// Creates a description.
    public init(inputs: Int, layers: [LayerDescription]) {
        self.inputs = inputs
        self.layers = layers
    }
}
