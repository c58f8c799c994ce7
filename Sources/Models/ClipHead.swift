// What stands behind the instances of patches.

import Glibc
import NeuralNetwork

/// The last layers of a system that computes patches one by one.
enum ClipHead: Sendable {
    /// Opinion and weight of every instance.
    case attention(AttentionPooling)
    /// One dense layer over all instances of a window.
    case dense(Convolution)
    /// A system that hears the mean instance of each patch.
    case embeddings(EmbeddingWeights)

    /// Takes the tensors of a file whose patches have the form `form`.
    init(_ description: ClipDescription, _ form: PatchForm, tensors: [String: Tensor]) throws(NetworkError) {
        let classes = description.classes.count
        switch description.architecture {
        case .attention, .attentionWithRow, .attentionOverTime:
            self = .attention(
                try AttentionPooling(
                    attention: "attention", classifier: "classifier", inputs: form.instanceSize, classes: classes,
                    tensors: tensors))
        case .dense:
            self = .dense(
                try Convolution(
                    dense: "classifier", inputs: description.windowPatches * form.instances * form.instanceSize,
                    outputs: classes, tensors: tensors))
        default: self = .embeddings(try EmbeddingWeights(description, tensors: tensors))
        }
    }

    /// The pooling of one stream.
    func pooling(_ settings: ClipSettings) -> any ClipPooling {
        let (window, description) = (settings.window, settings.file.description)
        let form = description.architecture.patches ?? .apart
        switch self {
        case .dense(let classifier): return DenseWindow(classifier, window: window)
        case .attention(let layers):
            let measure = PatchMeasure(layers, form)
            return switch settings.form {
            case .sliding: SlidingAttention(measure, window: window)
            case .running: RunningAttention(measure, forgetting: exp(-1 / Float(window)))
            }
        case .embeddings(let weights):
            return EmbeddingWindow(
                weights.network(window: window), form: form, window: window,
                needsAll: description.architecture.hasFixedWindow, classes: description.classes.count,
                families: description.families?.count ?? 0)
        }
    }

    /// Multiply-adds of a window of patches of the form `form`.
    func multiplyAdds(window: Int, _ form: PatchForm) -> Int {
        switch self {
        case .attention(let layers): window * form.instances * 2 * layers.inputs * layers.classes
        case .dense(let classifier): classifier.inputs * classifier.outputs
        case .embeddings(let weights): weights.multiplyAdds(window: window)
        }
    }
}
