// Turns stages into layers that keep state.

extension [Stage] {
    /// One causal layer per stage, fresh, for blocks of up to `maximumFrames`.
    ///
    /// `step` is how many input frames lie between two frames at this depth of the strided network; in a stream,
    /// where no frame is left out, kernels reach that many times further.
    func layers(step: Int = 1, maximumFrames: Int) -> LayerChain {
        var step = step
        let layers = map { stage -> any Layer in
            switch stage {
            case .affine(let affine):
                return AffineLayer(affine)
            case .activation(let activation, let channels):
                return ActivationLayer(activation, channels: channels)
            case .convolution(let convolution, let dilation):
                return CausalConvolution(convolution, dilation: dilation * step, maximumFrames: maximumFrames)
            case .maxPool(let size, let channels):
                defer { step *= size }
                return CausalMaxPool(size: size, dilation: step, channels: channels, maximumFrames: maximumFrames)
            case .interleave(let interleaving):
                return InterleaveLayer(interleaving)
            case .spectral(let convolution):
                return SpectralConvolutionLayer(convolution, dilation: step, maximumFrames: maximumFrames)
            case .harmonicSum(let sum, let salience):
                return HarmonicSumLayer(
                    sum, salience: salience.layers(step: step, maximumFrames: maximumFrames),
                    maximumFrames: maximumFrames)
            case .residual(let main, let skip):
                return ResidualLayer(main: main.layers(step: step, maximumFrames: maximumFrames), skip: skip)
            }
        }
        return LayerChain(layers, maximumFrames: maximumFrames)
    }
}
