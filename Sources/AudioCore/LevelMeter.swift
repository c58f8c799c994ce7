// Measures one channel block by block and repairs its broken samples.

/// Measures one channel. A pure value: no clock, no allocation; delay 0.
///
/// A constant offset and oscillations below the audible range are not sound: where they are more than half of the
/// energy, level and peak are those of the remaining signal.
///
/// All processing types have the same methods: `init`, `process`, `reset`.
public struct LevelMeter: Sendable {
    /// Magnitudes above this (120 dB over full scale) are broken samples, like NaN and infinity.
    public static let absurd: Float = 1e6

    /// Magnitudes above this (24 dB over full scale) are clamped to it: such a level is a fault, not sound. A single
    /// such sample would otherwise suppress detection wherever levels are relative to the maximum of the last seconds.
    public static let loudest: Float = 15.848_932

    /// Number of exactly zero samples at the end of the signal so far: a real input is never exactly zero, so a long
    /// run means a muted or dead input.
    public private(set) var silentRun: Int64 = 0

    private var largest: Float = 0
    private var energy: Double = 0
    private var clipped = 0
    private var invalid = 0
    private var samples = 0
    /// Two filters in series: a signal five octaves below the cutoff must not open a gate at -85 dBFS.
    private var audible: (HighPass, HighPass)
    private var audiblePeak: Double = 0
    private var audibleEnergy: Double = 0
    private let sampleRate: Double

    /// Creates a meter for a signal at `sampleRate` hertz.
    public init(sampleRate: Double) {
        self.sampleRate = sampleRate
        audible = (HighPass(sampleRate: sampleRate), HighPass(sampleRate: sampleRate))
    }

    /// Processes any number of samples, full scale at ±1. Replaces broken samples by zero and clamps the others to
    /// `loudest`.
    public mutating func process(repairing block: UnsafeMutableBufferPointer<Float>) {
        for index in block.indices {
            var magnitude = block[index].magnitude
            // The condition also covers NaN, which compares false with everything.
            if !(magnitude <= Self.absurd) {
                invalid += 1
                block[index] = 0
                magnitude = 0
            }
            if magnitude > Self.loudest {
                magnitude = Self.loudest
                block[index] = block[index] < 0 ? -Self.loudest : Self.loudest
            }
            silentRun = magnitude == 0 ? silentRun + 1 : 0
            if magnitude >= 1 { clipped += 1 }
            largest = max(largest, magnitude)
            energy += Double(magnitude) * Double(magnitude)
            let heard = audible.1.process(audible.0.process(Double(block[index])))
            audiblePeak = max(audiblePeak, abs(heard))
            audibleEnergy += heard * heard
        }
        samples += block.count
    }

    /// Returns the level since the last reading and starts a new one; the silent run and the filter continue.
    public mutating func reading() -> Level {
        let isBelowHearing = audibleEnergy < energy / 2
        let counted = isBelowHearing ? audibleEnergy : energy
        let mean = samples > 0 ? (counted / Double(samples)).squareRoot() : 0
        let level = Level(
            peak: Level.decibels(isBelowHearing ? audiblePeak : Double(largest)), rms: Level.decibels(mean),
            clipped: clipped, invalid: invalid,
            samples: samples)
        (largest, energy, clipped, invalid, samples) = (0, 0, 0, 0, 0)
        (audiblePeak, audibleEnergy) = (0, 0)
        return level
    }

    /// Resets everything, including the silent run.
    public mutating func reset() {
        self = LevelMeter(sampleRate: sampleRate)
    }
}
