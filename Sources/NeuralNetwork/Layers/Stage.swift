// A layer with its weights and without state, used by streams and whole-sequence evaluation.

/// One immutable step of a network; any number of streams on any threads may share it.
package protocol Stage: Sendable {
    /// Creates a causal layer for blocks of up to `maximumFrames`; the layer allocates all its memory.
    ///
    /// `step` is the number of input frames between two frames at this depth of the strided network. In a stream no
    /// frame is omitted, so kernels are dilated by this factor. A stage with pooling multiplies it.
    func streaming(step: inout Int, maximumFrames: Int) -> any Layer

    /// Evaluates a whole sequence at once, with strided pooling as in the papers: `[frames][channels]` in, `[frames /
    /// pool size][channels]` out.
    func offline(_ sequence: [Float], padding: Padding) -> [Float]
}

/// The position of the zeros that keep the length of a sequence in a convolution.
public enum Padding: Sendable {
    /// Half before and half after the sequence: every output depends on as many later frames as earlier ones, as
    /// published.
    case centred
    /// All before the sequence: no output depends on later frames.
    case causal

    /// Returns the number of zeros before the sequence for a kernel that covers `past` additional frames.
    func before(_ past: Int) -> Int { self == .causal ? past : past / 2 }
}

extension [any Stage] {
    /// Creates the layers of the stages, one after the other.
    func layers(step: Int = 1, maximumFrames: Int) -> LayerChain {
        var step = step
        return LayerChain(
            map { $0.streaming(step: &step, maximumFrames: maximumFrames) }, maximumFrames: maximumFrames)
    }

    /// Evaluates a whole sequence with all stages.
    func evaluate(_ sequence: [Float], padding: Padding) -> [Float] {
        reduce(sequence) { $1.offline($0, padding: padding) }
    }
}

extension [Float] {
    /// `count` zeros.
    package static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

    /// Returns `count` numbers, all of which `fill` writes.
    package static func filled(_ count: Int, by fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { fill(start) }
            initialized = count
        }
    }
}
