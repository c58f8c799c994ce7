// FC_T of Gururani, Sharma & Lerch (2019): dense layers for each embedding, then the mean.

import Models
import NeuralNetwork

extension ClipArchitecture {
    /// FC_T: dense layers for each embedding, then the mean.
    public static let embeddingMean = ClipArchitecture(onEmbeddings: "embedding_fc_t") {
        (description, tensors) throws(NetworkError) in
        try EmbeddingMeanWeights("head.", classes: description.classes.count, tensors: tensors)
    }
}

/// Three dense layers for each embedding separately, and one after their mean.
struct EmbeddingMeanWeights: EmbeddingWeights {
    let embedding: DenseChain
    let classifier: DenseChain

    /// Reads the tensors of the authors' code after a prefix: `embed.0`, `embed.3`, `embed.6` and `classify`.
    init(_ prefix: String, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        embedding = try DenseChain(
            inputs: Embedding.size,
            ["embed.0", "embed.3", "embed.6"].flatMap { [.dense(prefix + $0, outputs: Embedding.size), .leakyRelu] },
            tensors: tensors)
        classifier = try DenseChain(
            inputs: Embedding.size, [.dense(prefix + "classify", outputs: classes), .sigmoid], tensors: tensors)
    }

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingMean(self, window: window) }
    func multiplyAdds(window: Int) -> Int { window * embedding.multiplyAdds + classifier.multiplyAdds }
}

/// Evaluates each embedding separately with a shortcut, then the mean.
final class EmbeddingMean: EmbeddingNetwork {
    private let embedding: DenseEvaluator
    private let classifier: DenseEvaluator
    private let classes: Int
    private let mean: UnsafeMutablePointer<Float>

    init(_ weights: EmbeddingMeanWeights, window: Int) {
        embedding = DenseEvaluator(weights.embedding, most: window)
        classifier = DenseEvaluator(weights.classifier, most: 1)
        classes = weights.classifier.outputs
        mean = .allocate(capacity: Embedding.size)
        mean.initialize(repeating: 0, count: Embedding.size)
    }

    deinit { mean.deallocate() }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        let size = Embedding.size
        let result = embedding.process(embeddings, count: count)
        for index in 0..<size {
            var sum: Float = 0
            for position in stride(from: index, to: count * size, by: size) {
                sum += result[position] + embeddings[position]
            }
            mean[index] = sum / Float(count)
        }
        outputs.update(from: classifier.process(mean, count: 1), count: classes)
    }
}
