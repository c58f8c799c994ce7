// A layer with its weights and without any state: what streams and whole-sequence evaluation share.

/// One step of a network, immutable; any number of streams on any threads may share it.
package protocol Stage: Sendable {
    /// A fresh causal layer for blocks of up to `maximumFrames`; it allocates all it needs.
    ///
    /// `step` is how many input frames lie between two frames at this depth of the strided network; in a stream,
    /// where no frame is left out, kernels reach that many times further. A stage that pools multiplies it.
    func streaming(step: inout Int, maximumFrames: Int) -> any Layer

    /// Evaluates a whole sequence at once, pooling with stride as the papers do: `[frames][channels]` in,
    /// `[frames / pool size][channels]` out.
    func offline(_ sequence: [Float], padding: Padding) -> [Float]
}

/// Where the zeros around a sequence go that keep its length through a convolution.
public enum Padding: Sendable {
    /// Half before, half behind: every output sees as far ahead as back, as published.
    case centred
    /// All before: no output sees ahead.
    case causal

    /// How many of the `past` frames that a kernel reaches over go before the sequence.
    func before(_ past: Int) -> Int { self == .causal ? past : past / 2 }
}

extension [any Stage] {
    /// One layer per stage, one behind the other.
    func layers(step: Int = 1, maximumFrames: Int) -> LayerChain {
        var step = step
        return LayerChain(
            map { $0.streaming(step: &step, maximumFrames: maximumFrames) }, maximumFrames: maximumFrames)
    }

    /// A whole sequence through all stages.
    func evaluate(_ sequence: [Float], padding: Padding) -> [Float] {
        reduce(sequence) { $1.offline($0, padding: padding) }
    }
}

extension [Float] {
    /// `count` zeros.
    package static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

    /// `count` numbers, all of which `fill` writes.
    package static func filled(_ count: Int, by fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { fill(start) }
            initialized = count
        }
    }
}
