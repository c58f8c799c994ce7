// A gated recurrent unit in a stream (Cho et al. 2014, in the form and gate order of PyTorch).

import Glibc

/// The layer with its state: r, z = sigmoid(...), n = tanh(x + r * h), h = (1 - z) * n + z * h.
public final class GatedRecurrentUnit: Layer {
    /// Number of weight rows per unit: reset, update and new state.
    public static let gates = 3
    private let weights: RecurrentWeights
    /// The state of each stream.
    private var states: [[Float]]
    private var fromInput: [Float]
    private var fromState: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// Creates a layer whose state is zero.
    public init(_ weights: RecurrentWeights) {
        self.weights = weights
        states = [[Float](repeating: 0, count: weights.hidden.inputs)]
        fromInput = [Float](repeating: 0, count: weights.hidden.outputs)
        fromState = fromInput
    }

    /// Processes a block of any size and writes the state after each frame.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        let units = outputSize
        for frame in 0..<block.frames {
            let lane = block.lane(of: frame)
            weights.input.apply(to: input + frame * inputSize, into: &fromInput, frames: 1)
            weights.hidden.apply(to: states[lane], into: &fromState, frames: 1)
            for unit in 0..<units {
                let reset = 1 / (1 + expf(-fromInput[unit] - fromState[unit]))
                let update = 1 / (1 + expf(-fromInput[units + unit] - fromState[units + unit]))
                let new = tanhf(fromInput[2 * units + unit] + reset * fromState[2 * units + unit])
                states[lane][unit] = (1 - update) * new + update * states[lane][unit]
                output[frame * units + unit] = states[lane][unit]
            }
        }
    }

    /// Makes room for one more stream, whose state is zero.
    public func addLane() { states.append([Float](repeating: 0, count: outputSize)) }

    /// Sets the state of one stream to zero.
    public func reset(lane: Int) {
        for unit in states[lane].indices { states[lane][unit] = 0 }
    }
}
