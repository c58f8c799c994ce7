// The interface of all streaming layers: sizes, process, reset.

/// A layer that processes a sequence frame by frame, returns one frame for each, and keeps the necessary state.
///
/// `init` allocates everything; `process` allocates nothing, takes no lock and returns bit-identical results for all
/// block sizes. Only one thread at a time may use it.
public protocol Layer: AnyObject {
    /// Floats in one input frame.
    var inputSize: Int { get }
    /// Floats in one output frame.
    var outputSize: Int { get }

    /// Processes `frames` frames, `[frames][inputSize]`, and writes the same number, `[frames][outputSize]`.
    ///
    /// `frames` is at most the `maximumFrames` for which the layer was created. Input and output do not overlap.
    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int)

    /// Resets the state, as if nothing had been processed.
    func reset()
}
