// A validated network with its weights, from which streams and whole-sequence evaluation are created.

/// Consecutive layers with their weights, without state.
///
/// The value is immutable, so any number of streams on any threads may share it.
public struct SequentialNetwork: Sendable {
    private let stages: [any Stage]
    /// Floats in one input frame.
    public let inputs: Int
    /// Floats in one output frame.
    public let outputs: Int
    /// Number of input frames on which one output frame depends, including its own.
    public let receptiveField: Int
    /// Input frames per output frame in offline evaluation, the product of the pool sizes.
    public let stride: Int
    /// Multiply-adds in convolutions for one frame of a stream.
    public let multiplyAdds: Int
    /// Number of trained parameters; the statistics of batch normalisation are not counted, as in PyTorch.
    public let parameterCount: Int

    /// Builds the network of `description` from `tensors`; throws an error that names the invalid tensor or layer.
    ///
    /// - Parameter outputScale: the factors of the outputs before the last layer, which must then be a sigmoid: the
    ///   inverse of the temperatures. nil does not change the network.
    /// - Parameter precision: the precision of streams; `offline` is always `full`.
    public init(
        _ description: NetworkDescription, tensors: [String: Tensor], outputScale: [Float]? = nil,
        precision: Precision = .full
    ) throws(NetworkError) {
        guard (1...256).contains(description.layers.count) else {
            throw .invalidNetwork(reason: "it has \(description.layers.count) layers, outside 1...256")
        }
        var builder = try NetworkBuilder(inputs: description.inputs, tensors: tensors, precision: precision)
        var stages: [any Stage] = []
        for layer in description.layers { stages += try builder.build(layer) }
        if let outputScale {
            guard description.layers.last == .sigmoid, outputScale.count == builder.channels else {
                throw .invalidNetwork(
                    reason: "\(outputScale.count) scales require as many outputs behind a sigmoid, and there are "
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

    /// Creates the causal form of the network with room for one stream; `addLane` makes room for more.
    ///
    /// It processes blocks of any size; those above `maximumFrames` are divided, which affects only the speed.
    public func streaming(maximumFrames: Int) -> StreamingNetwork {
        StreamingNetwork(chain: { stages.layers(maximumFrames: $0) }, maximumFrames: maximumFrames)
    }

    /// Evaluates a whole sequence with strided pooling.
    ///
    /// - Parameter sequence: `[frames][inputs]`.
    /// - Returns: `[frames / stride][outputs]`; an incomplete last stride is dropped at every pooling layer.
    public func offline(_ sequence: [Float], padding: Padding = .centred) -> [Float] {
        precondition(sequence.count.isMultiple(of: inputs), "the sequence does not consist of whole frames")
        return stages.evaluate(sequence, padding: padding)
    }
}
