// A plain recurrent unit in a stream, with rectified units (Mnih et al. 2014, "Recurrent Models of Visual Attention").

/// Weights of one layer, shared by whoever runs it.
public struct RecurrentWeights: Sendable {
    let input: Convolution
    let hidden: Convolution

    /// Takes `PREFIX.weight_ih_SUFFIX [units, inputs]`, `weight_hh [units, units]`, `bias_ih` and `bias_hh`.
    public init(
        _ prefix: String, _ suffix: String, inputs: Int, units: Int, tensors: [String: Tensor]
    ) throws(NetworkError) {
        func convolution(_ kind: String, _ columns: Int) throws(NetworkError) -> Convolution {
            let name = "\(prefix).weight_\(kind)_\(suffix)"
            let weight = try tensors.require(name, shape: [units, columns])
            return Convolution(
                weight: weight.rearranged(as: name, shape: [units, columns, 1]),
                bias: try tensors.require("\(prefix).bias_\(kind)_\(suffix)", shape: [units]))
        }
        input = try convolution("ih", inputs)
        hidden = try convolution("hh", units)
    }
}

/// The unit with its state: h = max(0, W x + U h).
public final class RecurrentUnit: Layer {
    private let weights: RecurrentWeights
    private var state: [Float]
    private var sum: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// A unit whose state is zero.
    public init(_ weights: RecurrentWeights) {
        self.weights = weights
        state = [Float](repeating: 0, count: weights.hidden.inputs)
        sum = state
    }

    /// Consumes any number of frames and writes the state after each.
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

    /// Forgets the past: the state is zero again.
    public func reset() {
        for unit in state.indices { state[unit] = 0 }
    }
}
