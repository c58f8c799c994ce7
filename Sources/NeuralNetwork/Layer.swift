// The interface of all streaming layers: sizes, lanes, process, reset.

/// A layer that processes sequences frame by frame, returns one frame for each, and keeps the necessary state.
///
/// A layer serves any number of streams, each in a lane of its own with its own state; lane 0 exists from the start.
/// `init` and `addLane` allocate everything; `process` allocates nothing, takes no lock and returns bit-identical
/// results for all blocks. Only one thread at a time may use it.
public protocol Layer: AnyObject {
    /// Floats in one input frame.
    var inputSize: Int { get }
    /// Floats in one output frame.
    var outputSize: Int { get }

    /// Processes the frames of a block, `[frames][inputSize]`, and writes the same number, `[frames][outputSize]`.
    ///
    /// The block has at most the `maximumFrames` frames for which the layer was created. Input and output do not
    /// overlap.
    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block)

    /// Makes room for one more stream, in the lane after the last.
    func addLane()

    /// Resets the state of one stream, as if nothing of it had been processed.
    func reset(lane: Int)
}

extension Layer {
    /// Processes consecutive frames of the stream in lane 0.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        process(input, output, .run(lane: 0, frames: frames))
    }

    /// Resets the stream in lane 0.
    public func reset() { reset(lane: 0) }
}
