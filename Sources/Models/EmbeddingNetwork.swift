// What every system on embeddings does.

/// Answers for one window after the other. `init` allocates everything, the rest allocates nothing. For one thread at a time.
protocol EmbeddingNetwork: AnyObject {
    /// Writes the classes' probabilities, and behind them the families' where the system has them.
    ///
    /// - Parameter embeddings: `[count][128]`, oldest first, from one to as many as there is room for.
    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>)
    /// Which embedding counted most for a class in the last evaluation; nil without attention.
    func place(of name: Int) -> Int?
}

extension EmbeddingNetwork {
    func place(of name: Int) -> Int? { nil }
}
