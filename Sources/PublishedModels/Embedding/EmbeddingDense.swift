// FC of Gururani, Sharma & Lerch (2019): dense layers over all embeddings of the window.

import Models
import NeuralNetwork

extension ClipArchitecture {
    /// FC: dense layers over all embeddings of the window.
    public static let embeddingDense = ClipArchitecture(onEmbeddings: "embedding_fc", hasFixedWindow: true) {
        (description, tensors) throws(NetworkError) in
        try EmbeddingDenseWeights(
            "head.", classes: description.classes.count, window: description.windowPatches, tensors: tensors)
    }
}

/// Four dense layers with `window` embeddings as input.
struct EmbeddingDenseWeights: EmbeddingWeights {
    let chain: DenseChain

    /// Reads the tensors of the authors' code after a prefix: `1`, `4`, `7` and `10`.
    init(_ prefix: String, classes: Int, window: Int, tensors: [String: Tensor]) throws(NetworkError) {
        chain = try DenseChain(
            inputs: window * Embedding.size,
            [
                .dense(prefix + "1", outputs: 512), .leakyRelu, .dense(prefix + "4", outputs: 512), .leakyRelu,
                .dense(prefix + "7", outputs: 128), .leakyRelu, .dense(prefix + "10", outputs: classes), .sigmoid,
            ], tensors: tensors)
    }

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingDense(chain) }
    func multiplyAdds(window: Int) -> Int { chain.multiplyAdds }
}

/// Evaluates all embeddings of a full window at once.
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
