// Activations in a stream.

final class ActivationLayer: Layer {
    private let activation: Activation
    let inputSize: Int
    var outputSize: Int { inputSize }

    init(_ activation: Activation, channels: Int) {
        self.activation = activation
        inputSize = channels
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        activation.apply(to: input, into: output, count: frames * inputSize)
    }

    func reset() {}
}
