// A checked network with its weights: the one thing from which streams and whole-sequence evaluation are made.

/// Layers one behind the other, with their weights, without state.
///
/// Immutable, so any number of streams on any threads may share one.
public struct SequentialNetwork: Sendable {
    private let stages: [any Stage]
    /// Floats in one input frame.
    public let inputs: Int
    /// Floats in one output frame.
    public let outputs: Int
    /// Input frames on which one output frame depends, itself included.
    public let receptiveField: Int
    /// Input frames per output frame when evaluated offline, the product of the pool sizes.
    public let stride: Int
    /// Multiply-adds in convolutions for one frame of a stream.
    public let multiplyAdds: Int
    /// Trained parameters; the statistics of batch normalisation are not counted, as in PyTorch.
    public let parameterCount: Int

    /// Builds the network of `description` from `tensors`, and says which tensor or layer is wrong if one is.
    ///
    /// - Parameter outputScale: what each output is multiplied by before the last layer, which must be a sigmoid then:
    ///   the inverse of its temperature. nil leaves the network as it is.
    public init(
        _ description: NetworkDescription, tensors: [String: Tensor], outputScale: [Float]? = nil
    ) throws(NetworkError) {
        guard (1...256).contains(description.layers.count) else {
            throw .invalidNetwork(reason: "it has \(description.layers.count) layers, outside 1...256")
        }
        var builder = try NetworkBuilder(inputs: description.inputs, tensors: tensors)
        var stages: [any Stage] = []
        for layer in description.layers { stages += try builder.build(layer) }
        if let outputScale {
            guard description.layers.last == .sigmoid, outputScale.count == builder.channels else {
                throw .invalidNetwork(
                    reason: "\(outputScale.count) scales want as many outputs behind a sigmoid, and there are "
                        + "\(builder.channels)")
            }
            let scaling = Affine(scale: outputScale, shift: outputScale.map { _ in 0 })
            stages.insert(scaling, at: stages.count - 1)
        }
        self.stages = stages
        inputs = description.inputs
        outputs = builder.channels
        receptiveField = builder.past + 1
        stride = builder.step
        multiplyAdds = builder.multiplyAdds
        parameterCount = builder.parameterCount
    }

    /// A fresh stream through the causal form of the network: one output frame for every input frame.
    ///
    /// It takes blocks of any size; those above `maximumFrames` are cut, which changes nothing but the speed.
    public func streaming(maximumFrames: Int) -> StreamingNetwork {
        StreamingNetwork(chain: { stages.layers(maximumFrames: $0) }, maximumFrames: maximumFrames)
    }

    /// Evaluates a whole sequence, pooling with stride.
    ///
    /// - Parameter sequence: `[frames][inputs]`.
    /// - Returns: `[frames / stride][outputs]`; what is left of the last stride is dropped at every pooling layer.
    public func offline(_ sequence: [Float], padding: Padding = .centred) -> [Float] {
        precondition(sequence.count.isMultiple(of: inputs), "the sequence does not consist of whole frames")
        return stages.evaluate(sequence, padding: padding)
    }
}
