// AttentionMIC: a probability and a weight for every instance, pooled over the window.

import Glibc
import NeuralNetwork

/// The attention layers after the instances of patches.
struct AttentionHead: ClipHead {
    let layers: AttentionPooling
    let form: PatchForm

    /// Reads the tensors `attention.` and `classifier.` of a file.
    init(_ form: PatchForm, classes: Int, tensors: [String: Tensor]) throws(NetworkError) {
        self.form = form
        layers = try AttentionPooling(
            attention: "attention", classifier: "classifier", inputs: form.instanceSize, classes: classes,
            tensors: tensors)
    }

    func pooling(_ settings: ClipSettings) -> any ClipPooling {
        let measure = PatchMeasure(layers, form)
        return switch settings.form {
        case .sliding: SlidingAttention(measure, window: settings.window)
        case .running: RunningAttention(measure, forgetting: exp(-1 / Float(settings.window)))
        }
    }

    func multiplyAdds(window: Int) -> Int { window * form.instances * 2 * layers.inputs * layers.classes }
}

// Watcharasupat, Gururani & Lerch, Visual Attention for Musical Instrument Recognition (2020).
extension ClipArchitecture {
    /// Attention over time and timbre.
    public static let attention = attention("att_tf", .apart)
    /// The same, with the row appended to every instance as a one-hot vector.
    public static let attentionWithRow = attention("att_tf_id", .identified)
    /// Attention over time alone; the rows of a column are one instance.
    public static let attentionOverTime = attention("att_t", .joined)

    private static func attention(_ name: String, _ form: PatchForm) -> ClipArchitecture {
        ClipArchitecture(name, hasRunningForm: true) { (description, tensors) throws(NetworkError) in
            let patches = try PatchWeights(form, width: description.width ?? 0, tensors: tensors)
            return PatchClipNetwork(
                patches, try AttentionHead(form, classes: description.classes.count, tensors: tensors))
        }
    }
}
