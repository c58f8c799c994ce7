// The incremental causal constant-Q: one hop of samples in, one power per bin out, at a constant cost.

import AudioCore
import CVector
import Glibc

/// A causal constant-Q transform whose kernels end at the newest sample.
///
/// Bins are evaluated octave by octave, each at a rate that half-band filters lower as far as its octave permits, so
/// all octaves cost the same few thousand multiplications. The delay of a bin is half its kernel plus the delay of the
/// filters before it, `delay(ofBin:)`: 2 ms at 4 kHz, 19 ms at 440 Hz, 0.32 s at 27.5 Hz.
///
/// Level: a full-scale sine in the middle of a bin has the power `440 / frequency`: 1 (0 dB) at A4, and elsewhere the
/// usual weighting by the square root of the kernel's length.
///
/// `init` allocates everything; `process` allocates nothing. Only one thread at a time may use it.
/// Source: Brown 1991; the octave-wise evaluation was introduced by Brown & Puckette 1992.
public final class ConstantQ {
    /// Rate, hop and bins.
    public let configuration: FrontEndConfiguration
    /// Centre frequency over bandwidth.
    public let quality: Double

    /// Ordered by frequency, starting with the lowest bin and thus with the deepest stage.
    private let bins: [Bin]
    private let kernels: [ConstantQKernel]
    private let coefficients = HalfBandFilter.coefficients
    private let stages: [Stage]
    /// Samples in a row up to the newest that are zero, and the number after which everything stored is zero: then the
    /// powers are zero too, and nothing need be computed.
    private var zeros = 0
    private let memory: Int

    /// The stage and the kernel of a bin.
    private struct Bin {
        let stage: Int
        let kernel: ConstantQKernel
        let gain: Float
    }

    /// The properties that two bins with a common kernel share: their position in the octave, and the number of
    /// octaves between their frequency and their rate.
    private struct KernelKey: Hashable {
        let position: Int
        let octavesBelowRate: Int
    }

    /// A bin is computed from a signal of at least this many times its octave's highest frequency, where the half-band
    /// filter has no effect and no aliases.
    private static let oversampling = 5.2
    /// Five halvings: a sixth would add more delay to the lowest bins than it is worth.
    private static let maximumStage = 5

    /// Allocates the transform.
    ///
    /// A hop that is not a multiple of 64 samples is permitted, but costs more, because fewer octaves can be
    /// decimated.
    ///
    /// - Precondition: hop, bins and bins per octave are positive; the highest bin is below half the sample rate.
    public init(_ configuration: FrontEndConfiguration) {
        precondition(configuration.bins > 0 && configuration.binsPerOctave > 0 && configuration.hop > 0)
        precondition(configuration.frequency(ofBin: configuration.bins - 1) < Double(configuration.sampleRate) / 2)
        self.configuration = configuration
        let quality = Self.quality(binsPerOctave: configuration.binsPerOctave)
        self.quality = quality

        let rate = Double(configuration.sampleRate)
        let deepest = min(Self.maximumStage, configuration.hop.trailingZeroBitCount)
        var bins = [Bin]()
        var kernels = [KernelKey: ConstantQKernel]()
        for bin in 0..<configuration.bins {
            let fromTop = configuration.bins - 1 - bin
            let (octave, position) = fromTop.quotientAndRemainder(dividingBy: configuration.binsPerOctave)
            let octaveTop = configuration.frequency(ofBin: bin + position)
            let stage = min(
                deepest, max(0, Int(saturating: log2(rate / (Self.oversampling * octaveTop)).rounded(.down))))
            let key = KernelKey(position: position, octavesBelowRate: octave - stage)
            let frequency = configuration.frequency(ofBin: bin)
            let kernel =
                kernels[key]
                ?? ConstantQKernel(frequency: frequency, quality: quality, sampleRate: rate / Double(1 << stage))
            kernels[key] = kernel
            bins.append(Bin(stage: stage, kernel: kernel, gain: Float(440 / frequency)))
        }
        self.bins = bins
        self.kernels = Array(kernels.values)
        var memory = 0
        stages = (0...(bins.map(\.stage).max() ?? 0)).map { stage in
            let hop = configuration.hop >> stage
            let longest = bins.lazy.filter { $0.stage == stage }.map(\.kernel.length).max() ?? 0
            let capacity = max(longest, hop + HalfBandFilter.length)
            memory += capacity << stage
            return Stage(capacity: capacity, hop: hop)
        }
        self.memory = memory
        zeros = memory
    }

    deinit {
        for kernel in kernels { kernel.deallocate() }
    }

    /// Returns the Q at which neighbouring bins meet: `(r² + 1) / (r² - 1)` for a ratio r between them, 17.3 for
    /// semitones.
    public static func quality(binsPerOctave: Int) -> Double {
        let square = exp2(2 / Double(binsPerOctave))
        return (square + 1) / (square - 1)
    }

    /// Returns the delay of a bin, in samples at the input rate: half its kernel and the filters before it.
    public func delay(ofBin bin: Int) -> Double {
        let stage = bins[bin].stage
        let filters = Double(HalfBandFilter.delay * ((1 << stage) - 1))
        return filters + bins[bin].kernel.delay * Double(1 << stage)
    }

    /// Returns the length of a bin's kernel, in samples at the input rate.
    public func span(ofBin bin: Int) -> Int { bins[bin].kernel.length << bins[bin].stage }

    /// Multiply-adds of one hop.
    public var multiplyAdds: Int {
        let transform = bins.reduce(0) { $0 + 2 * $1.kernel.length }
        return transform + stages.dropFirst().reduce(0) { $0 + $1.hop * (coefficients.count + 1) }
    }

    /// Processes one hop of samples and writes the power of every bin, lowest first.
    ///
    /// - Parameters:
    ///   - samples: `configuration.hop` samples, full scale at ±1; they must be finite.
    ///   - powers: Room for `configuration.bins` values; a full-scale sine at A4 has the power 1.
    public func process(_ samples: UnsafePointer<Float>, _ powers: UnsafeMutablePointer<Float>) {
        guard !staysSilent(samples) else {
            powers.update(repeating: 0, count: bins.count)
            return
        }
        stages[0].window.append(samples, count: stages[0].hop)
        // Plain counting loops: iterators of collections allocate in debug builds, in which the sanitizer runs.
        for index in 1..<stages.count {
            let stage = stages[index]
            let above = stages[index - 1].window.end
            timbre_halfband(
                above - (2 * (stage.hop - 1) + HalfBandFilter.length), stage.fresh, stage.hop, coefficients,
                coefficients.count, HalfBandFilter.center)
            stage.window.append(stage.fresh, count: stage.hop)
        }
        var index = 0
        for stage in stride(from: stages.count - 1, through: 0, by: -1) {
            let end = stages[stage].window.end
            while index < bins.count, bins[index].stage == stage {
                powers[index] = bins[index].gain * bins[index].kernel.power(endingAt: end)
                index += 1
            }
        }
    }

    /// Whether this hop and all that is stored are digital silence.
    private func staysSilent(_ samples: UnsafePointer<Float>) -> Bool {
        var peak: Float = 0
        for index in 0..<configuration.hop { peak = max(peak, abs(samples[index])) }
        zeros = peak == 0 ? min(memory, zeros + configuration.hop) : 0
        return zeros == memory
    }

    /// Resets the state to a past of silence.
    public func reset() {
        zeros = memory
        for stage in stages { stage.window.reset() }
    }

    /// The decimated signal of one octave.
    private final class Stage {
        var window: SlidingWindow
        /// Number of samples per hop.
        let hop: Int
        /// The buffer in which one hop is computed before it is appended.
        let fresh: UnsafeMutablePointer<Float>

        init(capacity: Int, hop: Int) {
            window = SlidingWindow(capacity: capacity)
            self.hop = hop
            fresh = .allocate(capacity: hop)
            fresh.initialize(repeating: 0, count: hop)
        }

        deinit { fresh.deallocate() }
    }
}
