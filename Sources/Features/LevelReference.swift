// The causal 0 dB reference: a peak follower with hold and release.

import AudioCore
import Glibc

/// A causal level reference in place of the maximum of the whole recording.
///
/// The reference rises at once to a new peak, stays there for `hold` seconds, then falls by `release` decibels per
/// second, never below `floor`. Music of constant loudness therefore has a constant reference, and the effect of a
/// gain change of 40 dB ends after hold + 40 / release seconds.
struct LevelReference {
    /// Time for which a peak is held, in seconds.
    static let hold = 2.0
    /// Decibels per second after that.
    static let release = 20.0
    /// The lowest reference, in decibels of bin power (0 dB is a full-scale A4): quieter signals are not amplified
    /// further.
    static let floor = -75.0

    /// The reference as a power.
    private(set) var power: Float
    private let lowest: Float
    private let decay: Float
    private let holdFrames: Int
    private var age = 0

    init(frameRate: Double) {
        lowest = Float(pow(10, Self.floor / 10))
        decay = Float(pow(10, -Self.release / frameRate / 10))
        holdFrames = Int(saturating: (Self.hold * frameRate).rounded())
        power = lowest
    }

    /// Processes the strongest bin of a new frame and returns the reference for that frame.
    mutating func update(peak: Float) -> Float {
        if peak >= power {
            power = peak
            age = 0
        } else {
            age += 1
            if age > holdFrames { power = max(lowest, max(peak, power * decay)) }
        }
        return power
    }

    mutating func reset() {
        power = lowest
        age = 0
    }
}
