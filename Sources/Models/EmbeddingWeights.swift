// The systems that hear a window as one embedding for each of its patches.

import NeuralNetwork

/// The weights behind the embeddings, shared by all streams.
enum EmbeddingWeights: Sendable {
    /// ATT, FC, FC_T and RNN of Gururani, Sharma & Lerch, *An Attention Mechanism for Musical Instrument Recognition* (2019).
    case attention(EmbeddingAttentionWeights)
    case dense(DenseChain)
    case meanPooled(embedding: DenseChain, classifier: DenseChain)
    case recurrent(EmbeddingRecurrentWeights)
    /// RF_BR, the baseline of OpenMIC-2018: a random forest for each class on the mean embedding.
    case forest(RandomForest)
    /// Instruments and the families that follow from them, after Zhong et al. (2023).
    case hierarchy(EmbeddingAttentionWeights, FamilyWeights)

    /// Floats of one embedding.
    static let size = PatchWeights.embedding

    static func attention(prefix: String, classes: Int, tensors: [String: Tensor]) throws(NetworkError) -> Self {
        .attention(try EmbeddingAttentionWeights(prefix, classes: classes, tensors: tensors))
    }

    /// FC: `window` embeddings at once.
    static func dense(
        prefix: String, classes: Int, window: Int, tensors: [String: Tensor]
    ) throws(NetworkError) -> Self {
        .dense(
            try DenseChain(
                inputs: window * size,
                [
                    .dense(prefix + "1", outputs: 512), .leakyRelu, .dense(prefix + "4", outputs: 512), .leakyRelu,
                    .dense(prefix + "7", outputs: 128), .leakyRelu, .dense(prefix + "10", outputs: classes), .sigmoid,
                ], tensors: tensors))
    }

    /// FC_T: each embedding by itself, then their mean.
    static func meanPooled(prefix: String, classes: Int, tensors: [String: Tensor]) throws(NetworkError) -> Self {
        .meanPooled(
            embedding: try DenseChain(
                inputs: size,
                ["embed.0", "embed.3", "embed.6"].flatMap { [.dense(prefix + $0, outputs: size), .leakyRelu] },
                tensors: tensors),
            classifier: try DenseChain(
                inputs: size, [.dense(prefix + "classify", outputs: classes), .sigmoid], tensors: tensors))
    }

    static func recurrent(
        prefix: String, classes: Int, bothWays: Bool, tensors: [String: Tensor]
    ) throws(NetworkError) -> Self {
        .recurrent(try EmbeddingRecurrentWeights(prefix, classes: classes, bothWays: bothWays, tensors: tensors))
    }

    /// What a file describes; its tensors are called `head.` and so on.
    init(_ description: ClipDescription, tensors: [String: Tensor]) throws(NetworkError) {
        let (classes, prefix) = (description.classes.count, "head.")
        self =
            switch description.architecture {
            case .embeddingDense:
                try .dense(prefix: prefix, classes: classes, window: description.windowPatches, tensors: tensors)
            case .embeddingMean: try .meanPooled(prefix: prefix, classes: classes, tensors: tensors)
            case .embeddingRecurrent:
                try .recurrent(prefix: prefix, classes: classes, bothWays: true, tensors: tensors)
            case .embeddingCausal:
                try .recurrent(prefix: prefix, classes: classes, bothWays: false, tensors: tensors)
            case .embeddingForest:
                .forest(try RandomForest("forest", inputs: Self.size, classes: classes, tensors: tensors))
            case .hierarchySeparate, .hierarchyByRule, .hierarchyByAttention:
                .hierarchy(
                    try EmbeddingAttentionWeights("head.fine.", classes: classes, tensors: tensors),
                    try FamilyWeights(description, tensors: tensors))
            default: try .attention(prefix: prefix, classes: classes, tensors: tensors)
            }
    }

    /// A network with room for windows of `window` embeddings.
    func network(window: Int) -> any EmbeddingNetwork {
        switch self {
        case .attention(let weights): EmbeddingAttention(weights, window: window)
        case .dense(let chain): EmbeddingDense(chain)
        case .meanPooled(let embedding, let classifier): EmbeddingMean(embedding, classifier, window: window)
        case .recurrent(let weights): EmbeddingRecurrent(weights, window: window)
        case .forest(let forest): EmbeddingForest(forest)
        case .hierarchy(let fine, let families): EmbeddingHierarchy(fine, families, window: window)
        }
    }

    /// Multiply-adds of one window; a forest has comparisons instead.
    func multiplyAdds(window: Int) -> Int {
        switch self {
        case .attention(let weights): weights.multiplyAdds(window: window)
        case .dense(let chain): chain.multiplyAdds
        case .meanPooled(let embedding, let classifier): window * embedding.multiplyAdds + classifier.multiplyAdds
        case .recurrent(let weights): weights.multiplyAdds(window: window)
        case .forest: 0
        case .hierarchy(let fine, let families):
            fine.multiplyAdds(window: window) + families.multiplyAdds(window: window)
        }
    }
}
