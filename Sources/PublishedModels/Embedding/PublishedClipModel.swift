// The clip models of Gururani, Sharma & Lerch on the features of OpenMIC-2018.

import NeuralNetwork

/// Computes the tags of a clip from the 128 VGGish features of each of its instances of 0.96 s, as in OpenMIC-2018.
public struct PublishedClipModel: Sendable {
    /// The model of the paper.
    public enum Architecture: CaseIterable, Sendable {
        /// Attention over embedded instances; 55,336 parameters.
        case attention
        /// Fully connected over the ten instances at once; 986,772 parameters.
        case dense
        /// Fully connected per instance, then the mean; 52,116 parameters.
        case meanPooled
        /// Three bidirectional recurrent layers, with the output of the last instance; 226,068 parameters.
        case recurrent
    }

    /// Floats of one instance.
    public static let features = 128
    /// Instances of a clip of ten seconds.
    public static let instances = 10
    private let weights: any EmbeddingWeights
    private let classes: Int

    /// Builds a model from the tensors of the authors' code; OpenMIC-2018 has 20 classes.
    public init(
        _ architecture: Architecture, classes: Int = 20, checkpoint: [String: Tensor]
    ) throws(NetworkError) {
        self.classes = classes
        weights =
            switch architecture {
            case .attention: try EmbeddingAttentionWeights("", classes: classes, tensors: checkpoint)
            case .dense:
                try EmbeddingDenseWeights("", classes: classes, window: Self.instances, tensors: checkpoint)
            case .meanPooled: try EmbeddingMeanWeights("", classes: classes, tensors: checkpoint)
            case .recurrent:
                try EmbeddingRecurrentWeights("", classes: classes, bothWays: true, tensors: checkpoint)
            }
    }

    /// Returns the probabilities of the classes of a clip `[instances][128]` of features in 0...1; `dense` requires
    /// ten instances.
    public func probabilities(_ clip: [Float]) -> [Float] {
        let count = clip.count / Self.features
        var outputs = [Float](repeating: 0, count: classes)
        weights.network(window: count).evaluate(clip, count: count, into: &outputs)
        return outputs
    }

    /// Returns the weight of every instance for every class, `[instances][classes]`, with the sum 1 over the
    /// instances; nil for architectures without attention.
    public func attention(_ clip: [Float]) -> [Float]? {
        let count = clip.count / Self.features
        guard let network = weights.network(window: count) as? EmbeddingAttention else { return nil }
        var outputs = [Float](repeating: 0, count: classes)
        network.evaluate(clip, count: count, into: &outputs)
        return (0..<count).flatMap { position in (0..<classes).map { network.weight(of: position, for: $0) } }
    }
}
