// A dilated 1-D convolution in a stream: every output meets its own frame and frames before it.

/// Causal convolution; the time before the first frame is zeros.
final class CausalConvolution: Layer {
    private let convolution: Convolution
    private let dilation: Int
    private let history: History
    var inputSize: Int { convolution.inputs }
    var outputSize: Int { convolution.outputs }

    init(_ convolution: Convolution, dilation: Int, maximumFrames: Int) {
        self.convolution = convolution
        self.dilation = dilation
        history = History(
            frameSize: convolution.inputs, past: convolution.past(dilation: dilation), maximumFrames: maximumFrames,
            fill: 0)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        guard convolution.taps > 1 else {
            convolution.apply(to: input, into: output, frames: frames)
            return
        }
        let newest = history.append(frames)
        newest.update(from: input, count: frames * inputSize)
        convolution.apply(
            to: newest - convolution.past(dilation: dilation) * inputSize, dilation: dilation, into: output,
            frames: frames)
    }

    func reset() { history.reset() }
}
