// What 0 dB is, without looking ahead: a peak follower that holds, then lets go.

import AudioCore
import Glibc

/// A causal level reference in place of the maximum of the whole recording.
///
/// It rises at once to a new peak, stays there for `hold` seconds, then falls by `release` decibels a second, never
/// below `floor`. Music of steady loudness therefore has a steady reference, and a change of gain by 40 dB is
/// forgotten after hold + 40 / release seconds.
struct LevelReference {
    /// Seconds a peak is kept.
    static let hold = 2.0
    /// Decibels a second after that.
    static let release = 20.0
    /// The lowest reference, in decibels of bin power (0 dB is a full-scale A4): what is quieter stays quiet.
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

    /// Takes the strongest bin of a new frame and answers with the reference to use for that frame.
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
