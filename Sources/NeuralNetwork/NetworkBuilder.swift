// Brings a description and its tensors together, checking that they fit, layer by layer.

/// Follows the shape of the data through the layers while their plans build the stages.
package struct NetworkBuilder {
    /// The tensors of the model.
    package let tensors: [String: Tensor]
    /// Layers of the description that have been built.
    private var index = 0
    /// Floats in a frame behind the last stage.
    package var channels: Int
    /// Input frames per frame behind the last stage, were pooling to stride.
    package var step = 1
    /// Frames before the newest that the newest output depends on.
    private(set) var past = 0
    /// Multiply-adds of one frame of a stream.
    package var multiplyAdds = 0
    /// Trained parameters.
    package var parameterCount = 0

    /// Bounds on what a description may ask for, far above any network of use: they keep a forged one from asking for
    /// more memory than the machine has.
    package static let mostChannels = 1 << 16
    private static let most = (past: 1 << 16, history: 1 << 25)
    /// Floats that all layers together remember, twice each: 128 MiB.
    private var remembered = 0

    init(inputs: Int, tensors: [String: Tensor]) throws(NetworkError) {
        guard (1...Self.mostChannels).contains(inputs) else {
            throw .invalidNetwork(reason: "'inputs' is \(inputs), outside 1...\(Self.mostChannels)")
        }
        self.tensors = tensors
        channels = inputs
    }

    /// The stages of the next layer of the description.
    mutating func build(_ layer: LayerDescription) throws(NetworkError) -> [any Stage] {
        defer { index += 1 }
        return try layer.plan.build(&self)
    }

    /// The error that the layer in work contradicts itself or its input.
    package func invalid(_ reason: String) -> NetworkError { .invalidLayer(index: index, reason: reason) }

    /// Refuses a value outside of its range.
    package func require(_ value: Int, in range: ClosedRange<Int>, _ key: String) throws(NetworkError) {
        guard range.contains(value) else { throw invalid("'\(key)' is \(value), outside \(range)") }
    }

    /// Refuses channels that do not come in equal runs.
    package func requirePlanes(_ planes: Int) throws(NetworkError) {
        guard planes >= 1, channels.isMultiple(of: planes) else {
            throw invalid("\(channels) channels do not divide into \(planes) equal runs")
        }
    }

    /// The newest output depends on so many more frames before it, which a stream will have to remember.
    ///
    /// - Parameter frameSize: floats in a frame as it is remembered; by default all channels.
    package mutating func reachBack(_ frames: Int, frameSize: Int? = nil) throws(NetworkError) {
        let frameSize = frameSize ?? channels
        past += frames
        remembered += (2 * frames + 1) * frameSize
        guard past <= Self.most.past, remembered <= Self.most.history else {
            throw invalid(
                "it would have to remember \(frames) frames of \(frameSize) numbers, with what the layers before "
                    + "it remember more than 128 MiB")
        }
    }

    /// A convolution over all channels: `NAME.weight [outputs, channels, kernel]`, `NAME.bias [outputs]`.
    package mutating func weights(_ name: String, outputs: Int, kernel: Int) throws(NetworkError) -> Convolution {
        let weight = try tensors.require("\(name).weight", shape: [outputs, channels, kernel])
        let bias = try tensors.require("\(name).bias", shape: [outputs])
        parameterCount += weight.count + bias.count
        multiplyAdds += weight.count
        return Convolution(weight: weight, bias: bias)
    }
}

/// Input size and layers, first to last.
public struct NetworkDescription: Codable, Equatable, Sendable {
    /// Floats in one input frame.
    public var inputs: Int
    /// The layers, in the order in which they are applied.
    public var layers: [LayerDescription]

    /// Describes a network.
    public init(inputs: Int, layers: [LayerDescription]) {
        self.inputs = inputs
        self.layers = layers
    }
}
