// One stream through a network: frames in, as many frames out, at every block size the same bits.

/// The causal form of a network, with the state of one stream.
///
/// Output `n` depends on the inputs up to `n` and on nothing later. Pooling keeps the rate ("a trous"), so output
/// `stride * (j + 1) - 1` is what the strided causal network gives at its frame `j`.
public final class StreamingNetwork: Layer {
    private let chain: LayerChain
    private let blockFrames: Int
    /// Floats in one input frame.
    public var inputSize: Int { chain.inputSize }
    /// Floats in one output frame.
    public var outputSize: Int { chain.outputSize }

    /// Frames that pass through the layers together at most: enough for a weight to be worth its way from memory, few
    /// enough for the frames to stay in the nearer caches.
    private static let mostFrames = 48

    init(chain: (Int) -> LayerChain, maximumFrames: Int) {
        precondition(maximumFrames >= 1, "a stream needs room for a frame")
        blockFrames = min(maximumFrames, Self.mostFrames)
        self.chain = chain(blockFrames)
    }

    /// Consumes `frames` frames, any number, and writes as many.
    public func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        for first in stride(from: 0, to: frames, by: blockFrames) {
            chain.process(
                input + first * inputSize, output + first * outputSize, frames: min(blockFrames, frames - first))
        }
    }

    /// Forgets the past, as if nothing had been processed.
    public func reset() { chain.reset() }
}
