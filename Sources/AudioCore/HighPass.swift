// A filter that takes away what is too low to be heard.

import Glibc

/// A Butterworth high-pass of second order: -3 dB at the cutoff, 12 dB an octave below. A pure value, without allocation.
public struct HighPass: Sendable {
    /// The lowest frequency that counts as sound, in hertz: the longest pipe of an organ.
    public static let lowestSound = 16.0

    private let b0: Double
    private let a1: Double
    private let a2: Double
    private var x: (Double, Double) = (0, 0)
    private var y: (Double, Double) = (0, 0)
    private var hasBegun = false

    /// A filter at rest; `cutoff` and `sampleRate` are in hertz.
    public init(cutoff: Double = HighPass.lowestSound, sampleRate: Double) {
        let k = tan(.pi * cutoff / sampleRate)
        let scale = 1 / (1 + 2.0.squareRoot() * k + k * k)
        b0 = scale
        a1 = 2 * (k * k - 1) * scale
        a2 = (1 - 2.0.squareRoot() * k + k * k) * scale
    }

    /// Takes a sample. The first is taken for what the signal was before, so that a constant one begins without a step.
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
