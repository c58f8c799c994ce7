// How the families of instruments follow from the instruments, after Zhong et al. (2023).

import NeuralNetwork

/// The coarse level of a hierarchical system.
enum FamilyWeights: Sendable {
    /// A network of its own, which shares nothing with that of the instruments.
    case separate(EmbeddingAttentionWeights)
    /// A family is as probable as its most probable member.
    case rule(members: [[Int]])
    /// Attention of every family over all instruments.
    case attention(FamilyAttentionWeights)

    /// Multiply-adds of one window.
    func multiplyAdds(window: Int) -> Int {
        switch self {
        case .separate(let weights): weights.multiplyAdds(window: window)
        case .rule: 0
        case .attention(let weights): weights.multiplyAdds(window: window)
        }
    }

    /// What a file describes.
    init(_ description: ClipDescription, tensors: [String: Tensor]) throws(NetworkError) {
        let (classes, families) = (description.classes, description.families ?? [])
        switch description.architecture {
        case .hierarchySeparate:
            self = .separate(
                try EmbeddingAttentionWeights("head.coarse.", classes: families.count, tensors: tensors))
        case .hierarchyByAttention:
            self = .attention(
                try FamilyAttentionWeights(
                    "head.link.", families: families.count, classes: classes.count, tensors: tensors))
        default:
            self = .rule(members: families.map { family in classes.indices.filter { classes[$0].family == family } })
        }
    }
}
