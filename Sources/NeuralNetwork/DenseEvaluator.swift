// Evaluates a chain of dense layers.

/// Passes vectors through a `DenseChain`. `init` allocates everything; `process` allocates nothing. Only one thread at
/// a time may use it.
public final class DenseEvaluator {
    private let chain: DenseChain
    private let planes: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)

    /// Allocates buffers for `most` vectors at a time.
    public init(_ chain: DenseChain, most: Int) {
        self.chain = chain
        planes = (.allocate(capacity: most * chain.width), .allocate(capacity: most * chain.width))
        planes.0.initialize(repeating: 0, count: most * chain.width)
        planes.1.initialize(repeating: 0, count: most * chain.width)
    }

    deinit {
        planes.0.deallocate()
        planes.1.deallocate()
    }

    /// Processes `[count][inputs]` and returns `[count][outputs]`, which is valid until the next call.
    public func process(_ input: UnsafePointer<Float>, count: Int) -> UnsafePointer<Float> {
        var (from, to) = planes
        from.update(from: input, count: count * chain.inputs)
        var channels = chain.inputs
        for stage in chain.stages {
            switch stage {
            case .activation(let activation): activation.apply(to: from, into: from, count: count * channels)
            case .affine(let affine):
                affine.apply(to: from, into: to, frames: count)
                swap(&from, &to)
            case .dense(let layer):
                layer.apply(to: from, into: to, frames: count)
                channels = layer.outputs
                swap(&from, &to)
            }
        }
        return UnsafePointer(from)
    }
}
