// RNN of Gururani, Sharma & Lerch (2019): recurrent layers over the embeddings of the window.

import Models
import NeuralNetwork

extension ClipArchitecture {
    /// RNN: three layers of bidirectional gated recurrent units.
    public static let embeddingRecurrent = recurrent("embedding_rnn", bothWays: true)
    /// The same in the forward direction only.
    public static let embeddingCausal = recurrent("embedding_rnn_causal", bothWays: false)

    private static func recurrent(_ name: String, bothWays: Bool) -> ClipArchitecture {
        ClipArchitecture(onEmbeddings: name) { (description, tensors) throws(NetworkError) in
            try EmbeddingRecurrentWeights(
                "head.", classes: description.classes.count, bothWays: bothWays, tensors: tensors)
        }
    }
}

/// Three layers of gated recurrent units, bidirectional as published or forward only.
struct EmbeddingRecurrentWeights: EmbeddingWeights {
    /// One layer; the causal form has no backward part.
    typealias Layer = (forward: RecurrentWeights, backward: RecurrentWeights?)

    let layers: [Layer]
    let classifier: DenseChain
    /// Units of one layer and direction.
    static let units = 64

    /// Reads PyTorch's `rnn.weight_ih_l0` and so on, with `_reverse` for a bidirectional network, and `FC`.
    init(_ prefix: String, classes: Int, bothWays: Bool, tensors: [String: Tensor]) throws(NetworkError) {
        let size = bothWays ? 2 * Self.units : Self.units
        var layers: [Layer] = []
        for index in 0..<3 {
            let inputs = index == 0 ? Embedding.size : size
            func weights(_ suffix: String) throws(NetworkError) -> RecurrentWeights {
                try RecurrentWeights(
                    prefix + "rnn", "l\(index)\(suffix)", inputs: inputs, units: Self.units,
                    gates: GatedRecurrentUnit.gates, tensors: tensors)
            }
            layers.append((try weights(""), bothWays ? try weights("_reverse") : nil))
        }
        self.layers = layers
        classifier = try DenseChain(
            inputs: size, [.dense(prefix + "FC", outputs: classes), .sigmoid], tensors: tensors)
    }

    /// Floats of a layer's output for each embedding.
    var size: Int { classifier.inputs }

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingRecurrent(self, window: window) }

    func multiplyAdds(window: Int) -> Int {
        let each = layers.indices.reduce(0) { sum, index in
            sum + size * 3 * ((index == 0 ? Embedding.size : size) + Self.units)
        }
        return window * each + classifier.multiplyAdds
    }
}

/// Processes the embeddings of a window from a zero state and classifies the output at the last of them.
final class EmbeddingRecurrent: EmbeddingNetwork {
    private typealias Layer = (forward: GatedRecurrentUnit, backward: GatedRecurrentUnit?)

    private let layers: [Layer]
    private let classifier: DenseEvaluator
    private let classes: Int
    private let size: Int
    /// The input and output of a layer, `[count][inputs]` and `[count][size]`.
    private let planes: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)

    init(_ weights: EmbeddingRecurrentWeights, window: Int) {
        layers = weights.layers.map { (GatedRecurrentUnit($0.forward), $0.backward.map(GatedRecurrentUnit.init)) }
        classifier = DenseEvaluator(weights.classifier, most: 1)
        classes = weights.classifier.outputs
        size = weights.size
        let most = window * max(size, Embedding.size)
        planes = (.allocate(capacity: most), .allocate(capacity: most))
        planes.0.initialize(repeating: 0, count: most)
        planes.1.initialize(repeating: 0, count: most)
    }

    deinit {
        planes.0.deallocate()
        planes.1.deallocate()
    }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        var (from, to) = planes
        from.update(from: embeddings, count: count * Embedding.size)
        for layer in layers {
            run(layer.forward, from, into: to, positions: stride(from: 0, to: count, by: 1))
            if let backward = layer.backward {
                run(
                    backward, from, into: to + EmbeddingRecurrentWeights.units,
                    positions: stride(from: count - 1, to: -1, by: -1))
            }
            swap(&from, &to)
        }
        outputs.update(from: classifier.process(from + (count - 1) * size, count: 1), count: classes)
    }

    private func run(
        _ unit: GatedRecurrentUnit, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        positions: StrideTo<Int>
    ) {
        unit.reset()
        for position in positions {
            unit.process(input + position * unit.inputSize, output + position * size, frames: 1)
        }
    }
}
