// Attention over the instances of a clip, class by class (Gururani, Sharma & Lerch, ISMIR 2019, section 4).

import CVector

/// One number per class from many instances: the mean of the instances' probabilities, weighted by the attention.
///
/// The weights are sigmoids normalised by their sum over the instances, not a softmax, as in the authors' code.
public struct AttentionPooling: Sendable {
    private let attention: Convolution
    private let classifier: Convolution

    /// Number of classes.
    public var classes: Int { attention.outputs }
    /// Floats of one instance.
    public var inputs: Int { attention.inputs }

    /// Reads `ATTENTION.weight [classes, inputs]` and `.bias`, and the same of the classifier.
    public init(
        attention: String, classifier: String, inputs: Int, classes: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        self.attention = try Convolution(dense: attention, inputs: inputs, outputs: classes, tensors: tensors)
        self.classifier = try Convolution(dense: classifier, inputs: inputs, outputs: classes, tensors: tensors)
    }

    /// Computes the unnormalised weight and the probability of each of `count` instances: `[count][classes]` both.
    public func measure(
        _ instances: UnsafePointer<Float>, count: Int, weights: UnsafeMutablePointer<Float>,
        opinions: UnsafeMutablePointer<Float>
    ) {
        attention.apply(to: instances, into: weights, frames: count)
        Activation.sigmoid.apply(to: weights, into: weights, count: count * classes)
        for index in 0..<count * classes { weights[index] = min(max(weights[index], 1e-7), 1 - 1e-7) }
        classifier.apply(to: instances, into: opinions, frames: count)
        Activation.sigmoid.apply(to: opinions, into: opinions, count: count * classes)
    }

    /// Pools `[instances][inputs]`.
    ///
    /// - Returns: One probability per class, and `[instances][classes]` weights whose sum over the instances is 1.
    public func pool(_ instances: [Float]) -> (probabilities: [Float], weights: [Float]) {
        let count = instances.count / inputs
        var weights = [Float](repeating: 0, count: count * classes)
        var opinions = weights
        weights.withUnsafeMutableBufferPointer { weights in
            opinions.withUnsafeMutableBufferPointer { opinions in
                guard let weights = weights.baseAddress, let opinions = opinions.baseAddress else { return }
                measure(instances, count: count, weights: weights, opinions: opinions)
            }
        }
        var probabilities = [Float](repeating: 0, count: classes)
        for name in 0..<classes {
            let column = stride(from: name, to: weights.count, by: classes)
            let sum = column.reduce(0) { $0 + weights[$1] }
            for index in column {
                weights[index] /= sum
                probabilities[name] += weights[index] * opinions[index]
            }
        }
        return (probabilities.map { min(max($0, 0), 1) }, weights)
    }
}
