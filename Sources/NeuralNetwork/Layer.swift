// What every streaming layer is: sizes, process, reset.

/// A layer that is fed a sequence frame by frame and answers with one frame for each, keeping what it must remember.
///
/// `init` allocates everything; `process` allocates nothing, takes no lock and gives bit-identical results however
/// the sequence is cut into blocks. Used from one thread at a time.
public protocol Layer: AnyObject {
    /// Floats in one input frame.
    var inputSize: Int { get }
    /// Floats in one output frame.
    var outputSize: Int { get }

    /// Consumes `frames` frames, `[frames][inputSize]`, and writes as many, `[frames][outputSize]`.
    ///
    /// `frames` is at most the `maximumFrames` the layer was made for. Input and output do not overlap.
    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int)

    /// Forgets the past, as if nothing had been processed.
    func reset()
}
