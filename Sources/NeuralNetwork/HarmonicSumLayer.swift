// The harmonic sum in a stream: the salience is found frame by frame.

/// A chain that finds a salience, and behind the input the harmonic sum of what it found.
final class HarmonicSumLayer: Layer {
    private let sum: HarmonicSum
    private let salience: LayerChain
    private let found: UnsafeMutablePointer<Float>
    var inputSize: Int { sum.bins }
    var outputSize: Int { 2 * sum.bins }

    init(_ sum: HarmonicSum, salience: LayerChain, maximumFrames: Int) {
        self.sum = sum
        self.salience = salience
        found = .allocate(capacity: sum.bins * maximumFrames)
        found.initialize(repeating: 0, count: sum.bins * maximumFrames)
    }

    deinit { found.deallocate() }

    func process(_ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, frames: Int) {
        salience.process(input, found, frames: frames)
        sum.apply(to: input, salience: found, into: output, frames: frames)
    }

    func reset() { salience.reset() }
}
