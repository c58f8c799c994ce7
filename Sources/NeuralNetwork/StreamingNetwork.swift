// One stream through a network: one output frame per input frame, with identical bits for all block sizes.

/// The causal form of a network, with the state of one stream.
///
/// Output `n` depends only on the inputs up to `n`. Pooling keeps the frame rate ("a trous"), so output `stride * (j +
/// 1) - 1` equals frame `j` of the strided causal network.
public final class StreamingNetwork: Layer {
    private let chain: LayerChain
    private let blockFrames: Int
    /// Floats in one input frame.
    public var inputSize: Int { chain.inputSize }
    /// Floats in one output frame.
    public var outputSize: Int { chain.outputSize }

    /// Largest number of frames that pass through the layers together: large enough to amortise reading the weights
    /// from memory, and small enough to keep the frames in the nearer caches.
    private static let mostFrames = 48

    init(chain: (Int) -> LayerChain, maximumFrames: Int) {
        precondition(maximumFrames >= 1, "a stream needs room for a frame")
        blockFrames = min(maximumFrames, Self.mostFrames)
        self.chain = chain(blockFrames)
    }

    /// Processes any number of frames and writes the same number.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        for first in stride(from: 0, to: frames, by: blockFrames) {
            chain.process(
                input + first * inputSize, output + first * outputSize, frames: min(blockFrames, frames - first))
        }
    }

    /// Resets the state, as if nothing had been processed.
    public func reset() { chain.reset() }
}
