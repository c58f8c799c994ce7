// Fine-to-coarse attention with learnt weights; see training/src/timbre_training/clip/hierarchy.py.

import NeuralNetwork

/// The key of an instrument is computed from the embedding that the attention for it selected, from its probability
/// and from a learnt identity; every family has a query. A family's probability is the mean of the instruments'
/// probabilities, weighted by the softmax of queries times keys.
struct FamilyAttentionWeights: Sendable {
    /// `[families][key]`.
    let query: [Float]
    /// `[classes][key]`.
    let identity: [Float]
    /// `[key]`.
    let presence: [Float]
    let key: Convolution
    let families: Int
    let classes: Int

    /// Number of values of a key.
    static let size = 64

    /// Reads `PREFIXquery [families, 64]`, `identity [classes, 64]`, `presence [64]` and `key.weight [64, 128]`.
    init(_ prefix: String, families: Int, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        (self.families, self.classes) = (families, classes)
        query = try tensors.require(prefix + "query", shape: [families, Self.size]).floats
        identity = try tensors.require(prefix + "identity", shape: [classes, Self.size]).floats
        presence = try tensors.require(prefix + "presence", shape: [Self.size]).floats
        key = try Convolution(
            dense: prefix + "key", inputs: Embedding.size, outputs: Self.size, hasBias: false, tensors: tensors)
    }

    /// Returns the multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int {
        classes * (Embedding.size * (window + Self.size) + (families + 1) * Self.size + families)
    }
}
