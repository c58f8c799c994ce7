// Attention over the instances of a clip, class by class (Gururani, Sharma & Lerch, ISMIR 2019, section 3.2).

/// One number per class from many instances: the mean of what every instance says, weighted by how much it counts.
///
/// The weights are sigmoids normalised by their sum over the instances, not a softmax, as in the authors' code.
public struct AttentionPooling: Sendable {
    private let attention: Convolution
    private let classifier: Convolution

    /// Takes `ATTENTION.weight [classes, inputs]` and `.bias`, and the same of the classifier.
    public init(
        attention: String, classifier: String, inputs: Int, classes: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        func dense(_ name: String) throws(NetworkError) -> Convolution {
            let weight = try tensors.require("\(name).weight", shape: [classes, inputs])
            return Convolution(
                weight: weight.rearranged(as: weight.name, shape: [classes, inputs, 1]),
                bias: try tensors.require("\(name).bias", shape: [classes]))
        }
        self.attention = try dense(attention)
        self.classifier = try dense(classifier)
    }

    /// Pools `[instances][inputs]`.
    ///
    /// - Returns: One probability per class, and `[instances][classes]` weights whose sum over the instances is 1.
    public func pool(_ instances: [Float]) -> (probabilities: [Float], weights: [Float]) {
        let classes = attention.outputs
        var weights = sigmoids(attention, instances).map { min(max($0, 1e-7), 1 - 1e-7) }
        let opinions = sigmoids(classifier, instances)
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

    private func sigmoids(_ dense: Convolution, _ instances: [Float]) -> [Float] {
        let frames = instances.count / dense.inputs
        var output = [Float](repeating: 0, count: frames * dense.outputs)
        output.withUnsafeMutableBufferPointer { output in
            guard let start = output.baseAddress else { return }
            dense.apply(to: instances, into: start, frames: frames)
            Activation.sigmoid.apply(to: start, into: start, count: output.count)
        }
        return output
    }
}
