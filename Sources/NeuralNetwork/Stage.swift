// A layer with its weights and without any state: what streams and whole-sequence evaluation share.

/// One step of a network, immutable.
indirect enum Stage: Sendable {
    case affine(Affine)
    case activation(Activation, channels: Int)
    /// `dilation` is that of the description; pooling before it dilates it further in a stream.
    case convolution(Convolution, dilation: Int)
    case maxPool(size: Int, channels: Int)
    case interleave(Interleaving)
    /// Pooling before it dilates it in a stream.
    case spectral(SpectralConvolution)
    /// The input, and behind it the harmonic sum of the salience that a chain, in which nothing pools, finds in it.
    case harmonicSum(HarmonicSum, salience: [Stage])
    /// The sum of a chain, in which nothing pools, and a convolution of one tap.
    case residual(main: [Stage], skip: Convolution)
}
