// How loud and how healthy one block of audio was.

import Glibc

/// What a `LevelMeter` found in the samples since the last reading.
public struct Level: Equatable, Sendable {
    /// The level that stands for silence, so that no reading is infinite: -200 dBFS.
    public static let floor: Float = -200

    /// Largest magnitude, in dB relative to full scale (±1); `floor` for digital silence.
    public var peak: Float
    /// Root mean square, in dB relative to full scale: a full-scale sine reads -3.01, a square 0.
    public var rms: Float
    /// Samples at or beyond full scale.
    public var clipped: Int
    /// Samples that were not numbers, or absurd, and count as zero.
    public var invalid: Int
    /// Samples this is about.
    public var samples: Int

    /// An amplitude (1 is full scale) in dBFS.
    public static func decibels(_ amplitude: Double) -> Float {
        max(floor, Float(20 * log10(max(amplitude, 1e-12))))
    }
}
