// The parameters of an evaluation that the user may change.

import AudioCore

/// The definition of a detected event.
public struct EvaluationSettings: Equatable, Sendable {
    /// The block of Hung & Yang (2018) in seconds: nine hops of 512 samples at 44.1 kHz. For another hop, the nearest
    /// number of hops is used.
    public static let block = 9.0 * 512 / 44_100

    /// The conditions for a detected event.
    public var matching: EventMatching
    /// Pauses in the reference shorter than this, in seconds, are part of an event: notes of one phrase are one event.
    public var gap: Double

    /// Creates settings; the tolerances are `sed_eval`'s.
    public init(matching: EventMatching = EventMatching(), gap: Double = 0.15) {
        self.matching = matching
        self.gap = gap
    }

    /// Returns the number of hops of `hopSeconds` in a block.
    public static func hopsInBlock(hopSeconds: Double) -> Int {
        max(1, Int(saturating: (block / hopSeconds).rounded()))
    }
}
