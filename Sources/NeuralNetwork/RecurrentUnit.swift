// A plain recurrent unit in a stream, with rectified units (Mnih et al. 2014, "Recurrent Models of Visual Attention").

/// The layer with its state: h = max(0, W x + U h).
public final class RecurrentUnit: Layer {
    /// Number of weight rows per unit.
    public static let gates = 1
    private let weights: RecurrentWeights
    /// The state of each stream.
    private var states: [[Float]]
    private var sum: [Float]
    /// Floats in one input frame.
    public var inputSize: Int { weights.input.inputs }
    /// The number of units.
    public var outputSize: Int { weights.hidden.inputs }

    /// Creates a layer whose state is zero.
    public init(_ weights: RecurrentWeights) {
        self.weights = weights
        states = [[Float](repeating: 0, count: weights.hidden.inputs)]
        sum = [Float](repeating: 0, count: weights.hidden.outputs)
    }

    /// Processes a block of any size and writes the state after each frame.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        let units = outputSize
        for frame in 0..<block.frames {
            let lane = block.lane(of: frame)
            weights.input.apply(to: input + frame * inputSize, into: &sum, frames: 1)
            weights.hidden.apply(to: states[lane], into: &sum, frames: 1, accumulate: true)
            for unit in 0..<units {
                states[lane][unit] = max(0, sum[unit])
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
