// RF_BR, the baseline of OpenMIC-2018: a random forest for each class on the mean embedding.

import Models
import NeuralNetwork

extension ClipArchitecture {
    /// RF_BR: a random forest for each class on the mean embedding.
    public static let embeddingForest = ClipArchitecture(onEmbeddings: "embedding_rf_br") {
        (description, tensors) throws(NetworkError) in
        EmbeddingForestWeights(
            forest: try RandomForest(
                "forest", inputs: Embedding.size, classes: description.classes.count, tensors: tensors))
    }
}

/// The forests of all classes.
struct EmbeddingForestWeights: EmbeddingWeights {
    let forest: RandomForest

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingForest(forest) }
    /// Returns 0: a forest performs comparisons instead of multiply-adds.
    func multiplyAdds(window: Int) -> Int { 0 }
}

/// Evaluates the forests of all classes on the mean embedding of the window.
final class EmbeddingForest: EmbeddingNetwork {
    private let forest: RandomForest
    private let mean: UnsafeMutablePointer<Float>

    init(_ forest: RandomForest) {
        self.forest = forest
        mean = .allocate(capacity: Embedding.size)
        mean.initialize(repeating: 0, count: Embedding.size)
    }

    deinit { mean.deallocate() }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        let size = Embedding.size
        for index in 0..<size {
            var sum: Float = 0
            for position in stride(from: index, to: count * size, by: size) { sum += embeddings[position] }
            mean[index] = sum / Float(count)
        }
        forest.evaluate(mean, into: outputs)
    }
}
