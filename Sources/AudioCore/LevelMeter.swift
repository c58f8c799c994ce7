// Measures one channel block by block and mends its broken samples.

/// Measures one channel. A pure value: no clock, no allocation; delay 0.
///
/// The grammar of every processing type: `init`, `process`, `reset`.
public struct LevelMeter: Sendable {
    /// Magnitudes above this (120 dB over full scale) are taken for broken samples, like NaN and infinity.
    public static let absurd: Float = 1e6

    /// Samples of exact zero that ended the signal so far: a muted or dead input, for a real one is never exactly zero.
    public private(set) var silentRun: Int64 = 0

    private var largest: Float = 0
    private var energy: Double = 0
    private var clipped = 0
    private var invalid = 0
    private var samples = 0

    /// Creates a meter that has heard nothing.
    public init() {}

    /// Takes in samples of any count, full scale at ±1, and puts zero in place of the broken ones.
    public mutating func process(repairing block: UnsafeMutableBufferPointer<Float>) {
        for index in block.indices {
            var magnitude = block[index].magnitude
            // Written so that NaN, which compares false with everything, is caught too.
            if !(magnitude <= Self.absurd) {
                invalid += 1
                block[index] = 0
                magnitude = 0
            }
            silentRun = magnitude == 0 ? silentRun + 1 : 0
            if magnitude >= 1 { clipped += 1 }
            largest = max(largest, magnitude)
            energy += Double(magnitude) * Double(magnitude)
        }
        samples += block.count
    }

    /// The level since the last reading, which begins a new one; the silent run goes on.
    public mutating func reading() -> Level {
        let mean = samples > 0 ? (energy / Double(samples)).squareRoot() : 0
        let level = Level(
            peak: Level.decibels(Double(largest)), rms: Level.decibels(mean), clipped: clipped, invalid: invalid,
            samples: samples)
        let run = silentRun
        reset()
        silentRun = run
        return level
    }

    /// Forgets everything, the silent run included.
    public mutating func reset() {
        self = LevelMeter()
    }
}
