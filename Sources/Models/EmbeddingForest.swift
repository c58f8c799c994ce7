// RF_BR at work.

import NeuralNetwork

/// The forests of all classes on the mean embedding of the window.
final class EmbeddingForest: EmbeddingNetwork {
    private let forest: RandomForest
    private let mean: UnsafeMutablePointer<Float>

    init(_ forest: RandomForest) {
        self.forest = forest
        mean = .allocate(capacity: EmbeddingWeights.size)
        mean.initialize(repeating: 0, count: EmbeddingWeights.size)
    }

    deinit { mean.deallocate() }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        let size = EmbeddingWeights.size
        for index in 0..<size {
            var sum: Float = 0
            for place in stride(from: index, to: count * size, by: size) { sum += embeddings[place] }
            mean[index] = sum / Float(count)
        }
        forest.evaluate(mean, into: outputs)
    }
}
