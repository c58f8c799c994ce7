// The weights of ATT (Gururani, Sharma & Lerch 2019, section 3.2).

import NeuralNetwork

/// Three layers with batch normalisation and a short cut around them, then attention for each class.
struct EmbeddingAttentionWeights: Sendable {
    let embedding: DenseChain
    let pooling: AttentionPooling

    /// Takes the tensors of the authors' code behind a prefix: `bn.0` to `bn.3`, `lin.0` to `lin.2`, `att`, `cla`.
    init(_ prefix: String, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        let size = EmbeddingWeights.size
        let blocks = (0..<3).flatMap { index -> [DenseChain.Layer] in
            [.unbiased("\(prefix)lin.\(index)", outputs: size), .batchNorm("\(prefix)bn.\(index + 1)"), .relu]
        }
        embedding = try DenseChain(inputs: size, [.batchNorm("\(prefix)bn.0")] + blocks, tensors: tensors)
        pooling = try AttentionPooling(
            attention: prefix + "att", classifier: prefix + "cla", inputs: size, classes: classes, tensors: tensors)
    }

    /// Multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int {
        window * (embedding.multiplyAdds + 2 * pooling.inputs * pooling.classes)
    }
}
