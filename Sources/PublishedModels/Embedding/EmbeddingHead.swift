// Converts the instances of patches to the tags of a system that takes one embedding for each patch.

import Models
import NeuralNetwork

/// The last layers of a system on embeddings.
struct EmbeddingHead: ClipHead {
    let weights: any EmbeddingWeights
    /// Whether the system requires a full window.
    let needsAll: Bool

    func pooling(_ settings: ClipSettings) -> any ClipPooling {
        let description = settings.file.description
        return EmbeddingWindow(
            weights.network(window: settings.window), form: .apart, window: settings.window, needsAll: needsAll,
            classes: description.classes.count, families: description.families?.count ?? 0)
    }

    func multiplyAdds(window: Int) -> Int { weights.multiplyAdds(window: window) }
}

extension ClipArchitecture {
    /// Creates a system on embeddings, whose layers `weights` reads from the tensors `head.` and so on of a file.
    init(
        onEmbeddings name: String, hasFixedWindow: Bool = false, hasFamilies: Bool = false,
        _ weights: @escaping @Sendable (ClipDescription, [String: Tensor]) throws(NetworkError) -> any EmbeddingWeights
    ) {
        self.init(name, hasFixedWindow: hasFixedWindow, hasFamilies: hasFamilies) {
            (description, tensors) throws(NetworkError) in
            let patches = try PatchWeights(.apart, width: description.width ?? 0, tensors: tensors)
            return PatchClipNetwork(
                patches, EmbeddingHead(weights: try weights(description, tensors), needsAll: hasFixedWindow))
        }
    }
}

/// Stores the mean instance of each of the last patches; the system evaluates them whenever tags are due.
///
/// This costs little compared with the patch, which is computed once.
final class EmbeddingWindow: ClipPooling {
    private let network: any EmbeddingNetwork
    private let classes: Int
    private let window: Int
    private let needsAll: Bool
    private let form: PatchForm
    /// The embeddings of the window, oldest first, and the numbers of their patches.
    private let embeddings: UnsafeMutablePointer<Float>
    private var numbers: [Int] = []
    private let outputs: UnsafeMutablePointer<Float>
    private let hasFamilies: Bool
    /// Number of the next patch.
    private var next = 0

    /// - Parameter needsAll: whether the system requires a full window.
    init(
        _ network: any EmbeddingNetwork, form: PatchForm, window: Int, needsAll: Bool, classes: Int, families: Int
    ) {
        self.network = network
        self.form = form
        self.window = window
        self.needsAll = needsAll
        self.classes = classes
        hasFamilies = families > 0
        numbers.reserveCapacity(window + 1)
        embeddings = .allocate(capacity: window * Embedding.size)
        embeddings.initialize(repeating: 0, count: window * Embedding.size)
        outputs = .allocate(capacity: classes + families)
        outputs.initialize(repeating: 0, count: classes + families)
    }

    deinit {
        embeddings.deallocate()
        outputs.deallocate()
    }

    var families: UnsafePointer<Float>? { hasFamilies ? UnsafePointer(outputs + classes) : nil }

    func append(_ instances: UnsafePointer<Float>) {
        dropOld(before: next + 1 - window)
        let target = embeddings + numbers.count * Embedding.size
        for index in 0..<Embedding.size {
            var sum: Float = 0
            for instance in 0..<form.instances { sum += instances[instance * form.instanceSize + index] }
            target[index] = sum / Float(form.instances)
        }
        numbers.append(next)
        next += 1
    }

    func skip() { next += 1 }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        dropOld(before: next - window)
        guard numbers.count == window || (!needsAll && !numbers.isEmpty) else { return false }
        network.evaluate(embeddings, count: numbers.count, into: outputs)
        for name in 0..<classes {
            // The attention is for a whole patch, so the focus is the middle of the patch.
            let focus = network.position(of: name).map {
                ClipTag.Focus(column: numbers[$0] * ClipArchitecture.columns + ClipArchitecture.columns / 2, row: nil)
            }
            tags[name] = ClipTag(probability: outputs[name], focus: focus)
        }
        return true
    }

    func reset() {
        numbers.removeAll(keepingCapacity: true)
        next = 0
    }

    private func dropOld(before first: Int) {
        let old = numbers.firstIndex { $0 >= first } ?? numbers.count
        guard old > 0 else { return }
        numbers.removeFirst(old)
        embeddings.update(
            from: embeddings + old * Embedding.size, count: numbers.count * Embedding.size)
    }
}
