// Evaluates stages over a whole sequence at once, pooling with stride as the papers do.

/// Where the zeros around a sequence go that keep its length through a convolution.
public enum Padding: Sendable {
    /// Half before, half behind: every output sees as far ahead as back, as published.
    case centred
    /// All before: no output sees ahead.
    case causal
}

extension [Stage] {
    /// `[frames][channels]` in, `[frames / product of pool sizes][channels]` out.
    func evaluate(_ sequence: [Float], padding: Padding) -> [Float] {
        reduce(sequence) { $1.evaluate($0, padding: padding) }
    }
}

extension Stage {
    fileprivate func evaluate(_ x: [Float], padding: Padding) -> [Float] {
        switch self {
        case .affine(let affine):
            return filled(x.count) { affine.apply(to: x, into: $0, frames: x.count / affine.scale.count) }
        case .activation(let activation, _):
            return filled(x.count) { activation.apply(to: x, into: $0, count: x.count) }
        case .convolution(let convolution, let dilation):
            let frames = x.count / convolution.inputs
            let past = convolution.past(dilation: dilation)
            let before = padding == .causal ? past : past / 2
            let padded = zeros(before * convolution.inputs) + x + zeros((past - before) * convolution.inputs)
            return filled(frames * convolution.outputs) {
                convolution.apply(to: padded, dilation: dilation, into: $0, frames: frames)
            }
        case .maxPool(let size, let channels):
            let frames = x.count / channels / size
            return filled(frames * channels) { y in
                for frame in 0..<frames {
                    for channel in 0..<channels {
                        let taps = (0..<size).lazy.map { x[(frame * size + $0) * channels + channel] }
                        y[frame * channels + channel] = taps.reduce(-.infinity, max)
                    }
                }
            }
        case .interleave(let interleaving):
            return filled(x.count) {
                interleaving.apply(to: x, into: $0, frames: x.count / interleaving.size)
            }
        case .spectral(let convolution):
            let frames = x.count / convolution.inputSize
            let past = convolution.past(dilation: 1)
            let before = padding == .causal ? past : past / 2
            var padded = zeros((frames + past) * convolution.paddedSize)
            padded.withUnsafeMutableBufferPointer {
                guard let start = $0.baseAddress else { return }
                convolution.pad(x, into: start + before * convolution.paddedSize, frames: frames)
            }
            return filled(frames * convolution.outputSize) {
                convolution.apply(to: padded, dilation: 1, into: $0, frames: frames)
            }
        case .harmonicSum(let sum, let salience):
            let found = salience.evaluate(x, padding: padding)
            return filled(2 * x.count) { sum.apply(to: x, salience: found, into: $0, frames: x.count / sum.bins) }
        case .residual(let main, let skip):
            var y = main.evaluate(x, padding: padding)
            skip.apply(to: x, into: &y, frames: x.count / skip.inputs, accumulate: true)
            return y
        }
    }

    private func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

    private func filled(_ count: Int, by fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            if let start = buffer.baseAddress { fill(start) }
            initialized = count
        }
    }
}
