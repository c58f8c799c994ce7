// Random tensors for a clip model of any width.

import NeuralNetwork

/// The tensors of AttentionMIC in half precision.
///
/// - Parameters:
///   - width: channels of the first convolution.
///   - classifierInputs: floats that the last layer takes.
///   - hasAttention: whether it attends.
///   - classes: outputs.
public func randomClipTensors(
    width: Int, classifierInputs: Int, hasAttention: Bool, classes: Int, seed: UInt64
) -> [String: Tensor] {
    var generator = SeededGenerator(seed)
    var tensors: [String: Tensor] = [:]
    func add(_ name: String, _ shape: [Int], inputs: Int) {
        let scale = 1.7 / Float(inputs).squareRoot()
        for (name, shape, scale) in [("\(name).weight", shape, scale), ("\(name).bias", [outputs(shape)], 0.3)] {
            let values = generator.floats(shape.reduce(1, *)).map { Float16(scale * $0) }
            tensors[name] = Tensor(name: name, shape: shape, elements: .half(values.map(\.bitPattern)))
        }
    }
    /// The segments are one matrix for each of four rows and share a bias.
    func outputs(_ shape: [Int]) -> Int { shape.count == 3 ? shape[1] : shape[0] }

    var channels = 1
    for (index, factor) in [1, 2, 4, 4, 8, 8].enumerated() {
        add("stack.\(index)", [factor * width, channels, 3, 3], inputs: 9 * channels)
        channels = factor * width
    }
    add("segments", [4, 64 * width, channels], inputs: channels)
    add("dense", [128, 64 * width], inputs: 64 * width)
    for index in 0..<3 { add("embedding.\(index)", [128, 128], inputs: 128) }
    if hasAttention { add("attention", [classes, classifierInputs], inputs: classifierInputs / 8) }
    add("classifier", [classes, classifierInputs], inputs: classifierInputs / 8)
    return tensors
}
