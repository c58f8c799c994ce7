// A convolution over bins and time in a stream: every output meets its own frame and frames before it.

/// Causal in time; the time before the first frame is zeros.
final class SpectralConvolutionLayer: Layer {
    private let convolution: SpectralConvolution
    private let dilation: Int
    private let history: History
    var inputSize: Int { convolution.inputSize }
    var outputSize: Int { convolution.outputSize }

    init(_ convolution: SpectralConvolution, dilation: Int, maximumFrames: Int) {
        self.convolution = convolution
        self.dilation = dilation
        // Frames are padded in place: the zeros between them are written here and never again.
        history = History(
            frameSize: convolution.paddedSize, past: convolution.past(dilation: dilation),
            maximumFrames: maximumFrames, fill: 0)
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        let newest = history.append(frames)
        convolution.pad(input, into: newest, frames: frames)
        convolution.apply(
            to: newest - convolution.past(dilation: dilation) * convolution.paddedSize, dilation: dilation,
            into: output, frames: frames)
    }

    func reset() { history.reset() }
}
