// Applies the attention layers to the instances of a patch.

import NeuralNetwork

/// The attention layers with buffers for their outputs for one patch.
final class PatchMeasure {
    let classes: Int
    private let pooling: AttentionPooling
    private let form: PatchForm
    private let weights: UnsafeMutablePointer<Float>
    private let opinions: UnsafeMutablePointer<Float>

    init(_ pooling: AttentionPooling, _ form: PatchForm) {
        self.pooling = pooling
        self.form = form
        classes = pooling.classes
        let count = form.instances * pooling.classes
        weights = .allocate(capacity: count)
        weights.initialize(repeating: 0, count: count)
        opinions = .allocate(capacity: count)
        opinions.initialize(repeating: 0, count: count)
    }

    deinit {
        weights.deallocate()
        opinions.deallocate()
    }

    /// Computes weights and probabilities of a patch's instances and sums them into `attention`.
    func measure(_ instances: UnsafePointer<Float>, into attention: PatchAttention) {
        pooling.measure(instances, count: form.instances, weights: weights, opinions: opinions)
        attention.sum(weights, opinions, count: form.instances)
    }

    /// Returns the tag of a class from the sums of a window and the instance of its largest weight.
    func tag(_ numerator: Float, _ denominator: Float, patch: Int, instance: Int) -> ClipTag {
        let rows = form.instances / ClipArchitecture.columns
        let focus = ClipTag.Focus(
            column: patch * ClipArchitecture.columns + instance / rows, row: rows > 1 ? instance % rows : nil)
        return ClipTag(probability: min(max(numerator / denominator, 0), 1), focus: focus)
    }
}
