// Derives the families of instruments from the instruments, after Zhong et al. (2023).

import Models
import NeuralNetwork

/// The coarse level of a hierarchical system.
enum FamilyWeights: Sendable {
    /// A separate network, which shares nothing with that of the instruments.
    case separate(EmbeddingAttentionWeights)
    /// The probability of a family is that of its most probable member.
    case rule(members: [[Int]])
    /// Attention of every family over all instruments.
    case attention(FamilyAttentionWeights)

    /// Returns the multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int {
        switch self {
        case .separate(let weights): weights.multiplyAdds(window: window)
        case .rule: 0
        case .attention(let weights): weights.multiplyAdds(window: window)
        }
    }
}

// After Zhong et al., An Attention-based Approach to Hierarchical Multi-label Music Instrument Classification (2023).
extension ClipArchitecture {
    /// ATT for the instruments and another for the families.
    public static let hierarchySeparate = hierarchical("hierarchical_separate") {
        (families, _, tensors) throws(NetworkError) in
        .separate(try EmbeddingAttentionWeights("head.coarse.", classes: families.count, tensors: tensors))
    }
    /// ATT, and families by grouped max-pooling.
    public static let hierarchyByRule = hierarchical("hierarchical_rule") {
        (families, classes, _) throws(NetworkError) in
        .rule(members: families.map { family in classes.indices.filter { classes[$0].family == family } })
    }
    /// ATT, and families by attention over the instruments.
    public static let hierarchyByAttention = hierarchical("hierarchical_attention") {
        (families, classes, tensors) throws(NetworkError) in
        .attention(
            try FamilyAttentionWeights(
                "head.link.", families: families.count, classes: classes.count, tensors: tensors))
    }

    private static func hierarchical(
        _ name: String,
        families:
            @escaping @Sendable ([InstrumentFamily], [InstrumentClass], [String: Tensor]) throws(NetworkError) ->
            FamilyWeights
    ) -> ClipArchitecture {
        ClipArchitecture(onEmbeddings: name, hasFamilies: true) { (description, tensors) throws(NetworkError) in
            EmbeddingHierarchyWeights(
                fine: try EmbeddingAttentionWeights(
                    "head.fine.", classes: description.classes.count, tensors: tensors),
                families: try families(description.families ?? [], description.classes, tensors))
        }
    }
}
