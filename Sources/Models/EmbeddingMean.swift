// FC_T at work.

import NeuralNetwork

/// Each embedding by itself with a short cut, then the mean.
final class EmbeddingMean: EmbeddingNetwork {
    private let embedding: DenseEvaluator
    private let classifier: DenseEvaluator
    private let classes: Int
    private let mean: UnsafeMutablePointer<Float>

    init(_ embedding: DenseChain, _ classifier: DenseChain, window: Int) {
        self.embedding = DenseEvaluator(embedding, most: window)
        self.classifier = DenseEvaluator(classifier, most: 1)
        classes = classifier.outputs
        mean = .allocate(capacity: EmbeddingWeights.size)
        mean.initialize(repeating: 0, count: EmbeddingWeights.size)
    }

    deinit { mean.deallocate() }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        let size = EmbeddingWeights.size
        let result = embedding.process(embeddings, count: count)
        for index in 0..<size {
            var sum: Float = 0
            for place in stride(from: index, to: count * size, by: size) { sum += result[place] + embeddings[place] }
            mean[index] = sum / Float(count)
        }
        outputs.update(from: classifier.process(mean, count: 1), count: classes)
    }
}
