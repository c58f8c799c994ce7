// A filter that removes frequencies below the audible range.

import Glibc

/// A Butterworth high-pass of second order: -3 dB at the cutoff, 12 dB per octave below it. A pure value, without
/// allocation.
public struct HighPass: Sendable {
    /// The lowest frequency that counts as sound, in hertz: the longest organ pipe.
    public static let lowestSound = 16.0

    private let b0: Double
    private let a1: Double
    private let a2: Double
    private var x: (Double, Double) = (0, 0)
    private var y: (Double, Double) = (0, 0)
    private var hasBegun = false

    /// Creates a filter at rest; `cutoff` and `sampleRate` are in hertz.
    public init(cutoff: Double = HighPass.lowestSound, sampleRate: Double) {
        let k = tan(.pi * cutoff / sampleRate)
        let scale = 1 / (1 + 2.0.squareRoot() * k + k * k)
        b0 = scale
        a1 = 2 * (k * k - 1) * scale
        a2 = (1 - 2.0.squareRoot() * k + k * k) * scale
    }

    /// Processes a sample. The filter assumes that the signal had the value of the first sample before, so that a
    /// constant signal causes no step.
    public mutating func process(_ sample: Double) -> Double {
        if !hasBegun {
            x = (sample, sample)
            hasBegun = true
        }
        let output = b0 * (sample - 2 * x.0 + x.1) - a1 * y.0 - a2 * y.1
        x = (sample, x.0)
        y = (abs(output) < 1e-30 ? 0 : output, y.0)
        return output
    }
}
