// The linear-phase filter between two octaves of the constant-Q.

/// A half-band low-pass of 15 taps for decimation by two: equiripple, flat to -91 dB up to 0.09 of the input rate and
/// 91 dB down from 0.41, designed by the Parks-McClellan exchange with the half-band trick.
///
/// Every second tap except the centre is zero and the others are symmetric, so one output sample costs five
/// multiplications.
enum HalfBandFilter {
    /// The coefficients on one side, outermost first.
    static let coefficients: [Float] = [-0.002_158_394_68, 0.015_886_599_9, -0.066_147_495_6, 0.302_419_29]
    /// The centre tap.
    static let center: Float = 0.5
    /// Length of the filter in samples.
    static let length = 4 * coefficients.count - 1
    /// Group delay, in samples at the input rate.
    static let delay = 2 * coefficients.count - 1
}
