// FC at work.

import NeuralNetwork

/// All embeddings of a full window at once.
final class EmbeddingDense: EmbeddingNetwork {
    private let evaluator: DenseEvaluator
    private let classes: Int

    init(_ chain: DenseChain) {
        evaluator = DenseEvaluator(chain, most: 1)
        classes = chain.outputs
    }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        outputs.update(from: evaluator.process(embeddings, count: 1), count: classes)
    }
}
