// The contract of a system that takes one embedding for each patch of the window.

import Models

/// The embedding of a patch: the mean of its instances.
enum Embedding {
    /// Floats of one embedding.
    static let size = PatchWeights.embedding
}

/// The weights behind the embeddings: immutable, shared by all streams, for any thread.
protocol EmbeddingWeights: Sendable {
    /// A network with room for windows of `window` embeddings.
    func network(window: Int) -> any EmbeddingNetwork
    /// Multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int
}

/// Evaluates one window after the other. `init` allocates everything, the rest allocates nothing. For one thread at a time.
protocol EmbeddingNetwork: AnyObject {
    /// Writes the classes' probabilities, and behind them the families' where the system has them.
    ///
    /// - Parameter embeddings: `[count][128]`, oldest first, from one to as many as there is room for.
    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>)
    /// The embedding with the largest weight for a class in the last evaluation; nil without attention.
    func position(of name: Int) -> Int?
}

extension EmbeddingNetwork {
    func position(of name: Int) -> Int? { nil }
}
