// The clip models of Gururani, Sharma & Lerch, "An Attention Mechanism for Musical Instrument Recognition" (2019).

import NeuralNetwork

/// Tags a clip from the 128 VGGish features of each of its instances of 0.96 s.
public struct PublishedClipModel: Sendable {
    /// Which of the paper's models.
    public enum Architecture: CaseIterable, Sendable {
        /// Attention over embedded instances; 55,336 parameters.
        case attention
        /// Fully connected over the ten instances at once; 986,772 parameters.
        case dense
        /// Fully connected per instance, then the mean; 52,116 parameters.
        case meanPooled
        /// Three bidirectional recurrent layers, read at the last instance; 226,068 parameters.
        case recurrent
    }

    /// Floats of one instance.
    public static let features = 128
    /// Instruments of OpenMIC-2018.
    public static let classes = 20
    private static let units = 64

    private enum Form {
        case attention(embedding: SequentialNetwork, AttentionPooling)
        case dense(SequentialNetwork)
        case meanPooled(embedding: SequentialNetwork, classifier: SequentialNetwork)
        case recurrent([(forward: GatedRecurrentWeights, backward: GatedRecurrentWeights)], SequentialNetwork)
    }
    private let form: Form

    /// Builds a model from the tensors of the authors' code.
    public init(_ architecture: Architecture, checkpoint: [String: Tensor]) throws(NetworkError) {
        let tensors = Self.sequenceTensors(of: checkpoint)
        func network(_ layers: [LayerDescription], inputs: Int = Self.features) throws(NetworkError)
            -> SequentialNetwork
        {
            try SequentialNetwork(NetworkDescription(inputs: inputs, layers: layers), tensors: tensors)
        }
        func dense(_ name: String, _ outputs: Int) -> LayerDescription {
            .convolution(name: name, outputs: outputs, kernel: 1, dilation: 1)
        }
        switch architecture {
        case .attention:
            let blocks = (0..<3).flatMap { index -> [LayerDescription] in
                [dense("lin.\(index)", Self.features), .batchNorm(name: "bn.\(index + 1)", planes: 1), .relu]
            }
            form = .attention(
                embedding: try network([.batchNorm(name: "bn.0", planes: 1)] + blocks),
                try AttentionPooling(
                    attention: "att", classifier: "cla", inputs: Self.features, classes: Self.classes,
                    tensors: checkpoint))
        case .dense:
            form = .dense(
                try network(
                    [
                        dense("1", 512), .leakyRelu, dense("4", 512), .leakyRelu, dense("7", 128), .leakyRelu,
                        dense("10", Self.classes), .sigmoid,
                    ], inputs: 10 * Self.features))
        case .meanPooled:
            form = .meanPooled(
                embedding: try network(
                    ["embed.0", "embed.3", "embed.6"].flatMap { [dense($0, Self.features), .leakyRelu] }),
                classifier: try network([dense("classify", Self.classes), .sigmoid]))
        case .recurrent:
            var layers: [(forward: GatedRecurrentWeights, backward: GatedRecurrentWeights)] = []
            for index in 0..<3 {
                func weights(_ suffix: String) throws(NetworkError) -> GatedRecurrentWeights {
                    try GatedRecurrentWeights(
                        "rnn", "l\(index)\(suffix)", inputs: Self.features, units: Self.units, tensors: checkpoint)
                }
                layers.append((try weights(""), try weights("_reverse")))
            }
            form = .recurrent(layers, try network([dense("FC", Self.classes), .sigmoid]))
        }
    }

    /// Matrices as convolutions of one tap, each with a bias, were it zero.
    private static func sequenceTensors(of checkpoint: [String: Tensor]) -> [String: Tensor] {
        var tensors = checkpoint
        for (name, tensor) in checkpoint where tensor.shape.count == 2 {
            tensors[name] = tensor.rearranged(as: name, shape: tensor.shape + [1])
            let bias = name.replacing(".weight", with: ".bias")
            if checkpoint[bias] == nil {
                let zeros = [Float](repeating: 0, count: tensor.shape[0])
                tensors[bias] = Tensor(name: bias, shape: [zeros.count], elements: .single(zeros))
            }
        }
        return tensors
    }

    /// Probabilities of the 20 classes of a clip `[instances][128]` of features in 0...1; `dense` takes ten instances.
    public func probabilities(_ clip: [Float]) -> [Float] {
        switch form {
        case .attention(let embedding, let pooling):
            return pooling.pool(sum(embedding.offline(clip), clip)).probabilities
        case .dense(let network):
            return network.offline(clip)
        case .meanPooled(let embedding, let classifier):
            let embedded = sum(embedding.offline(clip), clip)
            let count = Float(embedded.count / Self.features)
            let mean = (0..<Self.features).map { feature in
                stride(from: feature, to: embedded.count, by: Self.features).reduce(0) { $0 + embedded[$1] } / count
            }
            return classifier.offline(mean)
        case .recurrent(let layers, let classifier):
            let states = layers.reduce(clip) { input, layer in
                concatenated(
                    run(layer.forward, input), reversed(run(layer.backward, reversed(input, Self.features)), Self.units)
                )
            }
            return classifier.offline(Array(states.suffix(Self.features)))
        }
    }

    /// How much every instance counts for every class, `[instances][20]`, summing to 1 over the instances; nil for
    /// architectures without attention.
    public func attention(_ clip: [Float]) -> [Float]? {
        guard case .attention(let embedding, let pooling) = form else { return nil }
        return pooling.pool(sum(embedding.offline(clip), clip)).weights
    }

    private func sum(_ a: [Float], _ b: [Float]) -> [Float] { zip(a, b).map(+) }

    private func run(_ weights: GatedRecurrentWeights, _ input: [Float]) -> [Float] {
        let unit = GatedRecurrentUnit(weights)
        let frames = input.count / unit.inputSize
        return [Float](unsafeUninitializedCapacity: frames * unit.outputSize) { buffer, count in
            if let start = buffer.baseAddress { unit.process(input, start, frames: frames) }
            count = frames * unit.outputSize
        }
    }

    private func reversed(_ sequence: [Float], _ size: Int) -> [Float] {
        stride(from: sequence.count - size, through: 0, by: -size).flatMap { sequence[$0..<$0 + size] }
    }

    private func concatenated(_ forward: [Float], _ backward: [Float]) -> [Float] {
        stride(from: 0, to: forward.count, by: Self.units).flatMap {
            forward[$0..<$0 + Self.units] + backward[$0..<$0 + Self.units]
        }
    }
}
