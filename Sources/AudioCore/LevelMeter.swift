// Measures one channel block by block and mends its broken samples.

/// Measures one channel. A pure value: no clock, no allocation; delay 0.
///
/// A constant offset, and swings too slow to be heard, are no sound: where they are more than half of the energy, level and
/// peak are those of the rest.
///
/// The grammar of every processing type: `init`, `process`, `reset`.
public struct LevelMeter: Sendable {
    /// Magnitudes above this (120 dB over full scale) are taken for broken samples, like NaN and infinity.
    public static let absurd: Float = 1e6

    /// Magnitudes above this (24 dB over full scale) are held to it: louder is no sound but a fault, and a single such sample
    /// would make what hears by the loudest of the last seconds deaf for as long.
    public static let loudest: Float = 15.848_932

    /// Samples of exact zero that ended the signal so far: a muted or dead input, for a real one is never exactly zero.
    public private(set) var silentRun: Int64 = 0

    private var largest: Float = 0
    private var energy: Double = 0
    private var clipped = 0
    private var invalid = 0
    private var samples = 0
    /// Two in series: what is five octaves too low must not open a gate at -85 dBFS.
    private var audible: (HighPass, HighPass)
    private var audiblePeak: Double = 0
    private var audibleEnergy: Double = 0
    private let sampleRate: Double

    /// Creates a meter that has heard nothing of a signal at `sampleRate` hertz.
    public init(sampleRate: Double) {
        self.sampleRate = sampleRate
        audible = (HighPass(sampleRate: sampleRate), HighPass(sampleRate: sampleRate))
    }

    /// Takes in samples of any count, full scale at ±1, puts zero in place of the broken ones and holds the others to
    /// `loudest`.
    public mutating func process(repairing block: UnsafeMutableBufferPointer<Float>) {
        for index in block.indices {
            var magnitude = block[index].magnitude
            // Written so that NaN, which compares false with everything, is caught too.
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

    /// The level since the last reading, which begins a new one; the silent run goes on, and the filter does.
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

    /// Forgets everything, the silent run included.
    public mutating func reset() {
        self = LevelMeter(sampleRate: sampleRate)
    }
}
