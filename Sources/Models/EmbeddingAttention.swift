// ATT at work.

import NeuralNetwork

/// Embeds every embedding once more and lets each class attend to those that matter for it.
final class EmbeddingAttention: EmbeddingNetwork {
    private let pooling: AttentionPooling
    private let evaluator: DenseEvaluator
    /// `[count][128]`: what is attended to.
    private let embedded: UnsafeMutablePointer<Float>
    /// `[count][classes]`: how much it counts, whose sum over the embeddings is 1, and what it says.
    private let weights: UnsafeMutablePointer<Float>
    private let opinions: UnsafeMutablePointer<Float>
    private var count = 0

    init(_ layers: EmbeddingAttentionWeights, window: Int) {
        pooling = layers.pooling
        evaluator = DenseEvaluator(layers.embedding, most: window)
        embedded = .allocate(capacity: window * EmbeddingWeights.size)
        embedded.initialize(repeating: 0, count: window * EmbeddingWeights.size)
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
        for index in 0..<count * EmbeddingWeights.size { embedded[index] = result[index] + embeddings[index] }
        pooling.measure(embedded, count: count, weights: weights, opinions: opinions)
        let classes = pooling.classes
        for name in 0..<classes {
            var sum: Float = 0
            for place in 0..<count { sum += weights[place * classes + name] }
            var probability: Float = 0
            for place in 0..<count {
                weights[place * classes + name] /= sum
                probability += weights[place * classes + name] * opinions[place * classes + name]
            }
            outputs[name] = min(max(probability, 0), 1)
        }
    }

    func place(of name: Int) -> Int? {
        (0..<count).max { weights[$0 * pooling.classes + name] < weights[$1 * pooling.classes + name] }
    }

    /// How much an embedding of the last window counted for a class.
    func weight(of place: Int, for name: Int) -> Float { weights[place * pooling.classes + name] }

    /// Adds up what a class attended to, `[128]`.
    func attended(by name: Int, into vector: UnsafeMutablePointer<Float>) {
        vector.update(repeating: 0, count: EmbeddingWeights.size)
        for place in 0..<count {
            let weight = weights[place * pooling.classes + name]
            for index in 0..<EmbeddingWeights.size {
                vector[index] += weight * embedded[place * EmbeddingWeights.size + index]
            }
        }
    }
}
