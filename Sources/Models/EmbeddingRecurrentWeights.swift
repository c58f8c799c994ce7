// The weights of the RNN of Gururani, Sharma & Lerch 2019.

import NeuralNetwork

/// Three layers of gated recurrent units, both ways as published or forward alone.
struct EmbeddingRecurrentWeights: Sendable {
    /// One layer; nothing runs backward in the causal form.
    typealias Layer = (forward: RecurrentWeights, backward: RecurrentWeights?)

    let layers: [Layer]
    let classifier: DenseChain
    /// Units of a layer and direction.
    static let units = 64

    /// Takes PyTorch's `rnn.weight_ih_l0` and so on, with `_reverse` where it runs both ways, and `FC`.
    init(_ prefix: String, classes: Int, bothWays: Bool, tensors: [String: Tensor]) throws(NetworkError) {
        let size = bothWays ? 2 * Self.units : Self.units
        var layers: [Layer] = []
        for index in 0..<3 {
            let inputs = index == 0 ? EmbeddingWeights.size : size
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

    /// Floats that a layer makes of each embedding.
    var size: Int { classifier.inputs }

    /// Multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int {
        let each = layers.indices.reduce(0) { sum, index in
            sum + size * 3 * ((index == 0 ? EmbeddingWeights.size : size) + Self.units)
        }
        return window * each + classifier.multiplyAdds
    }
}
