// The complete front end of a frame model: one hop of samples in, one feature frame out.

import Glibc

/// Causal constant-Q in decibels and, if the configuration requires it, the harmonic series.
///
/// Values are in 0...1. The constant-Q plane is `1 + dB / 80` below a causal level reference; the harmonic plane is
/// the raw HSF divided by n + 1. `init` allocates everything; `process` allocates nothing. Only one thread at a time
/// may use it.
public final class FrontEnd {
    /// Rate, hop, bins and planes.
    public let configuration: FrontEndConfiguration
    private let constantQ: ConstantQ
    private var reference: LevelReference
    private let harmonics: (salience: PitchSalience, series: HarmonicSeries)?
    private let pitch: UnsafeMutablePointer<Float>

    /// Decibels between the values 0 and 1.
    public static let range: Float = 80

    /// Allocates the front end; the preconditions are those of `ConstantQ`.
    public init(_ configuration: FrontEndConfiguration) {
        self.configuration = configuration
        constantQ = ConstantQ(configuration)
        reference = LevelReference(frameRate: configuration.frameRate)
        harmonics = configuration.harmonics.map { count in
            let shifts = HarmonicSeries.partialShifts(binsPerOctave: configuration.binsPerOctave)
            return (
                PitchSalience(bins: configuration.bins, shifts: shifts),
                HarmonicSeries(
                    bins: configuration.bins, binsPerOctave: configuration.binsPerOctave, harmonics: count)
            )
        }
        pitch = .allocate(capacity: configuration.bins)
        pitch.initialize(repeating: 0, count: configuration.bins)
    }

    deinit {
        pitch.deallocate()
        harmonics?.salience.deallocate()
    }

    /// Processes `configuration.hop` finite samples and writes `configuration.frameSize` features.
    public func process(_ samples: UnsafePointer<Float>, _ features: UnsafeMutablePointer<Float>) {
        let bins = configuration.bins
        constantQ.process(samples, features)
        var peak: Float = 0
        for bin in 0..<bins { peak = max(peak, features[bin]) }
        let scale = 1 / reference.update(peak: peak)
        let slope = 10 / Self.range
        for bin in 0..<bins {
            let decibels = log10f(max(features[bin] * scale, 1e-12))
            features[bin] = max(0, 1 + slope * decibels)
        }
        guard let harmonics else { return }
        let plane = features + bins
        harmonics.salience.process(features, pitch)
        harmonics.series.process(pitch, plane)
        let causalScale = harmonics.series.causalScale
        for bin in 0..<bins { plane[bin] *= causalScale }
    }

    /// Returns the delay of a bin, in samples.
    public func delay(ofBin bin: Int) -> Double { constantQ.delay(ofBin: bin) }

    /// Resets the state.
    public func reset() {
        constantQ.reset()
        reference.reset()
    }
}
