// ATT of Gururani, Sharma & Lerch, *An Attention Mechanism for Musical Instrument Recognition* (2019), section 4.

import Models
import NeuralNetwork

extension ClipArchitecture {
    /// ATT: attention over the embeddings.
    public static let embeddingAttention = ClipArchitecture(onEmbeddings: "embedding_att") {
        (description, tensors) throws(NetworkError) in
        try EmbeddingAttentionWeights("head.", classes: description.classes.count, tensors: tensors)
    }
}

/// Three layers with batch normalisation and a shortcut around them, then attention for each class.
struct EmbeddingAttentionWeights: EmbeddingWeights {
    let embedding: DenseChain
    let pooling: AttentionPooling

    /// Reads the tensors of the authors' code after a prefix: `bn.0` to `bn.3`, `lin.0` to `lin.2`, `att`, `cla`.
    init(_ prefix: String, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        let size = Embedding.size
        let blocks = (0..<3).flatMap { index -> [DenseChain.Layer] in
            [.unbiased("\(prefix)lin.\(index)", outputs: size), .batchNorm("\(prefix)bn.\(index + 1)"), .relu]
        }
        embedding = try DenseChain(inputs: size, [.batchNorm("\(prefix)bn.0")] + blocks, tensors: tensors)
        pooling = try AttentionPooling(
            attention: prefix + "att", classifier: prefix + "cla", inputs: size, classes: classes, tensors: tensors)
    }

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingAttention(self, window: window) }

    func multiplyAdds(window: Int) -> Int {
        window * (embedding.multiplyAdds + 2 * pooling.inputs * pooling.classes)
    }
}

/// Embeds every embedding again and computes an attention over them for each class.
final class EmbeddingAttention: EmbeddingNetwork {
    private let pooling: AttentionPooling
    private let evaluator: DenseEvaluator
    /// `[count][128]`: the values of the attention.
    private let embedded: UnsafeMutablePointer<Float>
    /// `[count][classes]`: the weight, whose sum over the embeddings is 1, and the probability.
    private let weights: UnsafeMutablePointer<Float>
    private let opinions: UnsafeMutablePointer<Float>
    private var count = 0

    init(_ layers: EmbeddingAttentionWeights, window: Int) {
        pooling = layers.pooling
        evaluator = DenseEvaluator(layers.embedding, most: window)
        embedded = .allocate(capacity: window * Embedding.size)
        embedded.initialize(repeating: 0, count: window * Embedding.size)
        weights = .allocate(capacity: window * pooling.classes)
        weights.initialize(repeating: 0, count: window * pooling.classes)
        opinions = .allocate(capacity: window * pooling.classes)
        opinions.initialize(repeating: 0, count: window * pooling.classes)
    }

    deinit {
        for pointer in [embedded, weights, opinions] { pointer.deallocate() }
    }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        self.count = count
        let result = evaluator.process(embeddings, count: count)
        for index in 0..<count * Embedding.size { embedded[index] = result[index] + embeddings[index] }
        pooling.measure(embedded, count: count, weights: weights, opinions: opinions)
        let classes = pooling.classes
        for name in 0..<classes {
            var sum: Float = 0
            for position in 0..<count { sum += weights[position * classes + name] }
            var probability: Float = 0
            for position in 0..<count {
                weights[position * classes + name] /= sum
                probability += weights[position * classes + name] * opinions[position * classes + name]
            }
            outputs[name] = min(max(probability, 0), 1)
        }
    }

    func position(of name: Int) -> Int? {
        (0..<count).max { weights[$0 * pooling.classes + name] < weights[$1 * pooling.classes + name] }
    }

    /// Returns the weight of an embedding of the last window for a class.
    func weight(of position: Int, for name: Int) -> Float { weights[position * pooling.classes + name] }

    /// Writes the weighted sum of the embeddings for a class, `[128]`.
    func attended(by name: Int, into vector: UnsafeMutablePointer<Float>) {
        vector.update(repeating: 0, count: Embedding.size)
        for position in 0..<count {
            let weight = weights[position * pooling.classes + name]
            for index in 0..<Embedding.size {
                vector[index] += weight * embedded[position * Embedding.size + index]
            }
        }
    }
}
