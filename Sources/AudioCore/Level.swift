// The level and the defects of one block of audio.

import Glibc

/// The result of a `LevelMeter` for the samples since the last reading.
public struct Level: Equatable, Sendable {
    /// The level of silence, so that no reading is infinite: -200 dBFS.
    public static let floor: Float = -200

    /// Largest magnitude, in dB relative to full scale (±1); `floor` for digital silence.
    public var peak: Float
    /// Root mean square, in dB relative to full scale: a full-scale sine reads -3.01, a square 0.
    public var rms: Float
    /// Samples at or beyond full scale.
    public var clipped: Int
    /// Number of samples that were NaN, infinite or out of range, and count as zero.
    public var invalid: Int
    /// Number of samples in the reading.
    public var samples: Int

    /// Converts an amplitude (1 is full scale) to dBFS.
    public static func decibels(_ amplitude: Double) -> Float {
        max(floor, Float(20 * log10(max(amplitude, 1e-12))))
    }
}
