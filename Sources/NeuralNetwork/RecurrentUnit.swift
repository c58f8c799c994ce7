// A plain recurrent unit in a stream, with rectified units (Mnih et al. 2014, "Recurrent Models of Visual Attention").

/// The layer with its state: h = max(0, W x + U h).
public final class RecurrentUnit: Layer {
    /// Number of weight rows per unit.
    public static let gates = 1
    private let weights: RecurrentWeights
    private var state: [Float]
    private var sum: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// Creates a layer whose state is zero.
    public init(_ weights: RecurrentWeights) {
        self.weights = weights
        state = [Float](repeating: 0, count: weights.hidden.inputs)
        sum = state
    }

    /// Processes any number of frames and writes the state after each.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        let units = outputSize
        for frame in 0..<frames {
            weights.input.apply(to: input + frame * inputSize, into: &sum, frames: 1)
            weights.hidden.apply(to: state, into: &sum, frames: 1, accumulate: true)
            for unit in 0..<units {
                state[unit] = max(0, sum[unit])
                output[frame * units + unit] = state[unit]
            }
        }
    }

    /// Sets the state to zero.
    public func reset() {
        for unit in state.indices { state[unit] = 0 }
    }
}
