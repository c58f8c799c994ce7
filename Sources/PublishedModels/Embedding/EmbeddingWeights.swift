// The interface of a system that takes one embedding for each patch of the window.

import Models

/// The embedding of a patch: the mean of its instances.
enum Embedding {
    /// Floats of one embedding.
    static let size = PatchWeights.embedding
}

/// The weights after the embeddings. They are immutable and shared by all streams; any thread may use them.
protocol EmbeddingWeights: Sendable {
    /// Creates a network with buffers for windows of `window` embeddings.
    func network(window: Int) -> any EmbeddingNetwork
    /// Returns the multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int
}

/// Evaluates one window after the other. `init` allocates everything; the other methods allocate nothing. Only one
/// thread at a time may use it.
protocol EmbeddingNetwork: AnyObject {
    /// Writes the classes' probabilities, followed by the families' where the system has families.
    ///
    /// - Parameter embeddings: `[count][128]`, oldest first; `count` is from one to the size of the window.
    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>)
    /// Returns the embedding with the largest weight for a class in the last evaluation; nil without attention.
    func position(of name: Int) -> Int?
}

extension EmbeddingNetwork {
    func position(of name: Int) -> Int? { nil }
}
