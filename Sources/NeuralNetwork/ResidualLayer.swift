// A chain of layers beside a short cut, in a stream.

/// `main(x) + skip(x)`, where the skip is a convolution of one tap.
final class ResidualLayer: Layer {
    private let main: LayerChain
    private let skip: Convolution
    var inputSize: Int { main.inputSize }
    var outputSize: Int { main.outputSize }

    init(main: LayerChain, skip: Convolution) {
        self.main = main
        self.skip = skip
    }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        main.process(input, output, frames: frames)
        skip.apply(to: input, into: output, frames: frames, accumulate: true)
    }

    func reset() { main.reset() }
}
