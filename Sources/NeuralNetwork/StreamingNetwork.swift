// Streams through one network: one output frame per input frame, with identical bits for all blocks.

/// The causal form of a network, with the state of each of its streams.
///
/// Output `n` of a stream depends only on its inputs up to `n`. Pooling keeps the frame rate ("a trous"), so output
/// `stride * (j + 1) - 1` equals frame `j` of the strided causal network.
public final class StreamingNetwork: Layer {
    private let chain: LayerChain
    private let blockFrames: Int
    /// Floats in one input frame.
    public var inputSize: Int { chain.inputSize }
    /// Floats in one output frame.
    public var outputSize: Int { chain.outputSize }

    /// Largest number of frames that pass through the layers together: large enough to amortise reading the weights
    /// from memory, and small enough to keep the frames in the nearer caches.
    public static let mostFrames = 48

    init(chain: (Int) -> LayerChain, maximumFrames: Int) {
        precondition(maximumFrames >= 1, "a stream needs room for a frame")
        blockFrames = min(maximumFrames, Self.mostFrames)
        self.chain = chain(blockFrames)
    }

    /// Processes a block of any size and writes as many frames.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ block: Block) {
        for first in stride(from: 0, to: block.frames, by: blockFrames) {
            let count = min(blockFrames, block.frames - first)
            let part: Block =
                switch block {
                case .run(let lane, _): .run(lane: lane, frames: count)
                case .row(let lanes): .row(lanes: UnsafeBufferPointer(rebasing: lanes[first..<first + count]))
                }
            chain.process(input + first * inputSize, output + first * outputSize, part)
        }
    }

    /// Makes room for one more stream.
    public func addLane() { chain.addLane() }

    /// Resets one stream, as if nothing of it had been processed.
    public func reset(lane: Int) { chain.reset(lane: lane) }
}
