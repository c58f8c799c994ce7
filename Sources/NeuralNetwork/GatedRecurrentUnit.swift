// A gated recurrent unit in a stream (Cho et al. 2014, in the form and gate order of PyTorch).

import Glibc

/// Weights of one layer and direction, shared by whoever runs it.
public struct GatedRecurrentWeights: Sendable {
    let input: Convolution
    let hidden: Convolution

    /// Takes `PREFIX.weight_ih_SUFFIX [3 units, inputs]`, `weight_hh [3 units, units]`, `bias_ih` and `bias_hh`.
    public init(
        _ prefix: String, _ suffix: String, inputs: Int, units: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        func convolution(_ kind: String, _ columns: Int) throws(NetworkError) -> Convolution {
            let name = "\(prefix).weight_\(kind)_\(suffix)"
            let weight = try tensors.require(name, shape: [3 * units, columns])
            return Convolution(
                weight: weight.rearranged(as: name, shape: [3 * units, columns, 1]),
                bias: try tensors.require("\(prefix).bias_\(kind)_\(suffix)", shape: [3 * units]))
        }
        input = try convolution("ih", inputs)
        hidden = try convolution("hh", units)
    }
}

/// The unit with its state: r, z = sigmoid(...), n = tanh(x + r * h), h = (1 - z) * n + z * h.
public final class GatedRecurrentUnit: Layer {
    private let weights: GatedRecurrentWeights
    private var state: [Float]
    private var fromInput: [Float]
    private var fromState: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// A unit whose state is zero.
    public init(_ weights: GatedRecurrentWeights) {
        self.weights = weights
        state = [Float](repeating: 0, count: weights.hidden.inputs)
        fromInput = [Float](repeating: 0, count: weights.hidden.outputs)
        fromState = fromInput
    }

    /// Consumes any number of frames and writes the state after each.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        let units = outputSize
        for frame in 0..<frames {
            weights.input.apply(to: input + frame * inputSize, into: &fromInput, frames: 1)
            weights.hidden.apply(to: state, into: &fromState, frames: 1)
            for unit in 0..<units {
                let reset = 1 / (1 + expf(-fromInput[unit] - fromState[unit]))
                let update = 1 / (1 + expf(-fromInput[units + unit] - fromState[units + unit]))
                let new = tanhf(fromInput[2 * units + unit] + reset * fromState[2 * units + unit])
                state[unit] = (1 - update) * new + update * state[unit]
                output[frame * units + unit] = state[unit]
            }
        }
    }

    /// Forgets the past: the state is zero again.
    public func reset() {
        for unit in state.indices { state[unit] = 0 }
    }
}
