// What stands behind the instances of patches.

import Glibc
import NeuralNetwork

/// The last layers of a system that computes patches one by one.
enum ClipHead: Sendable {
    /// Opinion and weight of every instance.
    case attention(AttentionPooling)
    /// One dense layer over all instances of a window.
    case dense(Convolution)

    /// Takes the tensors of a file whose patches have the form `form`.
    init(_ description: ClipDescription, _ form: PatchForm, tensors: [String: Tensor]) throws(NetworkError) {
        let classes = description.classes.count
        if description.architecture == .dense {
            self = .dense(
                try Convolution(
                    dense: "classifier", inputs: description.windowPatches * form.instances * form.instanceSize,
                    outputs: classes, tensors: tensors))
        } else {
            self = .attention(
                try AttentionPooling(
                    attention: "attention", classifier: "classifier", inputs: form.instanceSize, classes: classes,
                    tensors: tensors))
        }
    }

    /// The pooling of one stream.
    func pooling(_ settings: ClipSettings) -> any ClipPooling {
        let window = settings.window
        switch self {
        case .dense(let classifier): return DenseWindow(classifier, window: window)
        case .attention(let layers):
            let measure = PatchMeasure(layers, settings.file.description.architecture.patches ?? .apart)
            return switch settings.form {
            case .sliding: SlidingAttention(measure, window: window)
            case .running: RunningAttention(measure, forgetting: exp(-1 / Float(window)))
            }
        }
    }
}
