// A gated recurrent unit in a stream (Cho et al. 2014, in the form and gate order of PyTorch).

import Glibc

/// The layer with its state: r, z = sigmoid(...), n = tanh(x + r * h), h = (1 - z) * n + z * h.
public final class GatedRecurrentUnit: Layer {
    /// Number of weight rows per unit: reset, update and new state.
    public static let gates = 3
    private let weights: RecurrentWeights
    private var state: [Float]
    private var fromInput: [Float]
    private var fromState: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// Creates a layer whose state is zero.
    public init(_ weights: RecurrentWeights) {
        self.weights = weights
        state = [Float](repeating: 0, count: weights.hidden.inputs)
        fromInput = [Float](repeating: 0, count: weights.hidden.outputs)
        fromState = fromInput
    }

    /// Processes any number of frames and writes the state after each.
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

    /// Sets the state to zero.
    public func reset() {
        for unit in state.indices { state[unit] = 0 }
    }
}
