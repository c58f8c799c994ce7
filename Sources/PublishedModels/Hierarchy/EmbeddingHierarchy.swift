// Evaluates instruments and their families.

import Glibc
import Models
import NeuralNetwork

/// ATT for the instruments, and the weights of the families.
struct EmbeddingHierarchyWeights: EmbeddingWeights {
    let fine: EmbeddingAttentionWeights
    let families: FamilyWeights

    func network(window: Int) -> any EmbeddingNetwork { EmbeddingHierarchy(self, window: window) }

    func multiplyAdds(window: Int) -> Int {
        fine.multiplyAdds(window: window) + families.multiplyAdds(window: window)
    }
}

/// ATT for the instruments, and the families according to `FamilyWeights`; the families' probabilities follow those of
/// the instruments.
final class EmbeddingHierarchy: EmbeddingNetwork {
    private enum Families {
        case separate(EmbeddingAttention)
        case rule([[Int]])
        case attention(FamilyAttentionWeights)
    }

    private let fine: EmbeddingAttention
    private let classes: Int
    private let families: Families
    private let vector: UnsafeMutablePointer<Float>
    /// `[classes][key]`.
    private let keys: UnsafeMutablePointer<Float>
    /// `[families][classes]`, whose sum over the classes is 1.
    private let weights: UnsafeMutablePointer<Float>
    private let weightCount: Int

    init(_ layers: EmbeddingHierarchyWeights, window: Int) {
        fine = EmbeddingAttention(layers.fine, window: window)
        classes = layers.fine.pooling.classes
        var count = 0
        switch layers.families {
        case .separate(let weights): self.families = .separate(EmbeddingAttention(weights, window: window))
        case .rule(let members): self.families = .rule(members)
        case .attention(let weights):
            self.families = .attention(weights)
            count = weights.families * weights.classes
        }
        weightCount = count
        vector = .allocate(capacity: Embedding.size)
        vector.initialize(repeating: 0, count: Embedding.size)
        keys = .allocate(capacity: classes * FamilyAttentionWeights.size)
        keys.initialize(repeating: 0, count: classes * FamilyAttentionWeights.size)
        weights = .allocate(capacity: count)
        weights.initialize(repeating: 0, count: count)
    }

    deinit {
        for pointer in [vector, keys, weights] { pointer.deallocate() }
    }

    func position(of name: Int) -> Int? { fine.position(of: name) }

    /// The weight of every instrument for every family, `[families][classes]`; nil where the weights are not learnt.
    var attention: UnsafeBufferPointer<Float>? {
        guard case .attention = families else { return nil }
        return UnsafeBufferPointer(start: weights, count: weightCount)
    }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        fine.evaluate(embeddings, count: count, into: outputs)
        switch families {
        case .separate(let network): network.evaluate(embeddings, count: count, into: outputs + classes)
        case .rule(let members):
            for (family, names) in members.enumerated() {
                outputs[classes + family] = names.reduce(0) { max($0, outputs[$1]) }
            }
        case .attention(let layers): attend(layers, outputs)
        }
    }

    private func attend(_ layers: FamilyAttentionWeights, _ outputs: UnsafeMutablePointer<Float>) {
        let size = FamilyAttentionWeights.size
        for name in 0..<classes {
            fine.attended(by: name, into: vector)
            layers.key.apply(to: vector, into: keys + name * size, frames: 1)
            for index in 0..<size {
                keys[name * size + index] +=
                    layers.identity[name * size + index] + outputs[name] * layers.presence[index]
            }
        }
        for family in 0..<layers.families {
            let row = weights + family * classes
            var highest = -Float.infinity
            for name in 0..<classes {
                row[name] = 0
                for index in 0..<size { row[name] += layers.query[family * size + index] * keys[name * size + index] }
                highest = max(highest, row[name])
            }
            var (sum, probability): (Float, Float) = (0, 0)
            for name in 0..<classes {
                row[name] = expf(row[name] - highest)
                sum += row[name]
                probability += row[name] * outputs[name]
            }
            for name in 0..<classes { row[name] /= sum }
            outputs[classes + family] = min(max(probability / sum, 0), 1)
        }
    }
}
