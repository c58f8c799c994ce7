// From the instances of patches to the tags of a system that hears one embedding for each patch.

import NeuralNetwork

/// Keeps the mean instance of each of the last patches; the system looks at them whenever tags are wanted.
///
/// That costs little beside the patch: what takes time is computed once.
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

    /// - Parameter needsAll: whether the system can do with a full window alone.
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
        embeddings = .allocate(capacity: window * EmbeddingWeights.size)
        embeddings.initialize(repeating: 0, count: window * EmbeddingWeights.size)
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
        let target = embeddings + numbers.count * EmbeddingWeights.size
        for index in 0..<EmbeddingWeights.size {
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
            // A patch is attended to as a whole: its middle stands for it.
            let focus = network.place(of: name).map {
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
            from: embeddings + old * EmbeddingWeights.size, count: numbers.count * EmbeddingWeights.size)
    }
}
