// The RNN at work.

import NeuralNetwork

/// Runs over the embeddings of a window, from silence, and answers with what it knows at the last of them.
final class EmbeddingRecurrent: EmbeddingNetwork {
    private typealias Layer = (forward: GatedRecurrentUnit, backward: GatedRecurrentUnit?)

    private let layers: [Layer]
    private let classifier: DenseEvaluator
    private let classes: Int
    private let size: Int
    /// What goes into a layer and what comes out, `[count][inputs]` and `[count][size]`.
    private let planes: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)

    init(_ weights: EmbeddingRecurrentWeights, window: Int) {
        layers = weights.layers.map { (GatedRecurrentUnit($0.forward), $0.backward.map(GatedRecurrentUnit.init)) }
        classifier = DenseEvaluator(weights.classifier, most: 1)
        classes = weights.classifier.outputs
        size = weights.size
        let most = window * max(size, EmbeddingWeights.size)
        planes = (.allocate(capacity: most), .allocate(capacity: most))
        planes.0.initialize(repeating: 0, count: most)
        planes.1.initialize(repeating: 0, count: most)
    }

    deinit {
        planes.0.deallocate()
        planes.1.deallocate()
    }

    func evaluate(_ embeddings: UnsafePointer<Float>, count: Int, into outputs: UnsafeMutablePointer<Float>) {
        var (from, to) = planes
        from.update(from: embeddings, count: count * EmbeddingWeights.size)
        for layer in layers {
            run(layer.forward, from, into: to, places: stride(from: 0, to: count, by: 1))
            if let backward = layer.backward {
                run(
                    backward, from, into: to + EmbeddingRecurrentWeights.units,
                    places: stride(from: count - 1, to: -1, by: -1))
            }
            swap(&from, &to)
        }
        outputs.update(from: classifier.process(from + (count - 1) * size, count: 1), count: classes)
    }

    private func run(
        _ unit: GatedRecurrentUnit, _ input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        places: StrideTo<Int>
    ) {
        unit.reset()
        for place in places { unit.process(input + place * unit.inputSize, output + place * size, frames: 1) }
    }
}
