// The networks of Hung & Yang, "Frame-level Instrument Recognition by Timbre and Pitch" (ISMIR 2018), as descriptions.

import Features
import Models
import NeuralNetwork

/// A published architecture, and the mapping of the authors' checkpoints to it.
public enum PublishedArchitecture: Equatable, Sendable {
    /// "CQT only (based on [31])", figure 1(a): convolutions after Liu & Yang 2016 over 88 standardised bins.
    case baseline
    /// Figure 1(b, c): residual blocks over one plane (constant-Q) or two (with harmonic series or pitch) of 88 bins.
    ///
    /// The authors' batch normalisation of the input shares its statistics between the planes.
    case residual(planes: Int)
    /// "CQT+Pitch (F)": the pitch follows the constant-Q as 88 more bins with separate statistics.
    case residualPitchAsFrequency
    /// The salience of 88 keys with the same weights at every key: a part of all systems with an estimated pitch.
    ///
    /// After Thickstun et al. 2018, reduced from 114 million parameters to 29,313: its input is the constant-Q of 88
    /// bins, it is convolutional along frequency up to the output, and it uses no later frames.
    case pitchEstimator
    /// "CQT + HSF-n" with estimated pitch, the complete system with constant-Q input; with 0 harmonics it is
    /// "CQT+Pitch (C)".
    case estimated(harmonics: Int)
    /// "CQT+Pitch (F)" with estimated pitch, the complete system with constant-Q input.
    case estimatedPitchAsFrequency

    /// The instruments of the authors' models, in the order of the outputs (the classes of MusicNet).
    public static let classes: [InstrumentClass] = [.piano, .violin, .viola, .cello, .clarinet, .bassoon, .horn]

    /// The layers, with the names that `tensors(of:)` assigns to the authors' tensors.
    public var network: NetworkDescription { network(classes: Self.classes.count) }

    /// Returns the layers for any number of instruments.
    ///
    /// - Parameter standardized: Whether the network standardises the constant-Q, as in `training/`; the input of the
    ///   authors' residual networks is already standardised.
    public func network(classes: Int, standardized: Bool = false) -> NetworkDescription {
        switch self {
        case .baseline:
            NetworkDescription(
                inputs: Self.bins,
                layers: [.standardize(name: "norm")]
                    + block("head.0", outputs: 32, kernel: 7) + [.maxPool(size: 3)]
                    + block("head.2", outputs: 32, kernel: 7) + [.maxPool(size: 3)]
                    + block("head.4", outputs: 512, kernel: 1)
                    + block("head.5", outputs: 512, kernel: 1)
                    + [.convolution(name: "head.6", outputs: classes, kernel: 1, dilation: 1), .sigmoid])
        case .residual(let planes):
            NetworkDescription(
                inputs: planes * Self.bins, layers: residual(planes: planes, classes: classes, standardized))
        case .residualPitchAsFrequency:
            NetworkDescription(inputs: 2 * Self.bins, layers: residual(planes: 1, classes: classes, standardized))
        case .pitchEstimator: NetworkDescription(inputs: Self.bins, layers: Self.estimator)
        case .estimated(let harmonics): hearing(harmonics, residual(planes: 2, classes: classes, standardized))
        case .estimatedPitchAsFrequency: hearing(0, residual(planes: 1, classes: classes, standardized))
        }
    }

    /// The constant-Q of the published front end.
    private static let bins = FrontEndConfiguration.published.bins

    private static let estimator: [LayerDescription] =
        [.interleave(planes: 1)]
        + [(73, 3), (1, 4), (13, 1), (1, 4)].enumerated().flatMap { index, shape in
            overBins("pitch.\(index)", span: shape.0, kernel: shape.1)
        } + [
            .spectralConvolution(name: "pitch.4", bins: bins, outputs: 1, span: 13, kernel: 1, stride: 1), .sigmoid,
        ]

    /// A convolution over keys and time with batch normalisation, whose statistics all keys share.
    private static func overBins(_ name: String, span: Int, kernel: Int) -> [LayerDescription] {
        [
            .spectralConvolution(name: name, bins: bins, outputs: 32, span: span, kernel: kernel, stride: 1),
            .batchNorm(name: "\(name).batch", planes: bins), .relu,
        ]
    }

    private func hearing(_ harmonics: Int, _ layers: [LayerDescription]) -> NetworkDescription {
        let shifts = HarmonicSeries.partialShifts(binsPerOctave: FrontEndConfiguration.published.binsPerOctave)
        let series = LayerDescription.harmonicSeries(shifts: Array(shifts.prefix(harmonics)), layers: Self.estimator)
        return NetworkDescription(inputs: Self.bins, layers: [series] + layers)
    }

    private func block(_ name: String, outputs: Int, kernel: Int) -> [LayerDescription] {
        [
            .convolution(name: "\(name).conv", outputs: outputs, kernel: kernel, dilation: 1),
            .batchNorm(name: "\(name).batch", planes: 1), .relu,
        ]
    }

    private func residual(planes: Int, classes: Int, _ standardized: Bool) -> [LayerDescription] {
        (standardized ? [.standardize(name: "norm")] : []) + [
            .batchNorm(name: "head.0", planes: planes),
            .convolution(name: "head.1", outputs: Self.bins, kernel: 3, dilation: 1),
            .residual(name: "head.2", outputs: 176, dilation: 1), .maxPool(size: 3),
            .residual(name: "head.5", outputs: 264, dilation: 1), .maxPool(size: 3),
            .residual(name: "head.8", outputs: 264, dilation: 1),
            .batchNorm(name: "head.9", planes: 1), .relu,
            .convolution(name: "head.11", outputs: classes, kernel: 3, dilation: 1), .sigmoid,
        ]
    }

    /// Returns the tensors of an authors' checkpoint in the form that `network` requires.
    ///
    /// The authors' layers are 2-D convolutions in which one axis is always as long as the data: the baseline's are
    /// `[out, in, frequency, time]`, the residual networks' `[out, in, time, plane]`. Here planes and frequencies are
    /// channels, plane after plane.
    public func tensors(of checkpoint: [String: Tensor]) -> [String: Tensor] {
        let tensors = checkpoint.values.map { tensor -> Tensor in
            let name = tensor.name == "norm.avg" ? "norm.mean" : tensor.name
            guard tensor.shape.count == 4 else { return tensor.rearranged(as: name) }
            let axes = self == .baseline ? [0, 1, 2, 3] : [0, 3, 1, 2]
            let extents = axes.map { tensor.shape[$0] }
            return tensor.rearranged(as: name, axes: axes, shape: [extents[0], extents[1] * extents[2], extents[3]])
        }
        return Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    }
}
