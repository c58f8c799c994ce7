// The numbers in the definitions of an evaluation that a person may choose.

import AudioCore

/// What counts as found, and as one event.
public struct EvaluationSettings: Equatable, Sendable {
    /// The block of Hung & Yang (2018) in seconds: nine hops of 512 samples at 44.1 kHz. Of another hop as many are taken
    /// as come closest.
    public static let block = 9.0 * 512 / 44_100

    /// When an event counts as found.
    public var matching: EventMatching
    /// Pauses in the reference shorter than this, in seconds, belong to an event: notes of one phrase are one event.
    public var gap: Double

    /// Creates settings; the tolerances are `sed_eval`'s.
    public init(matching: EventMatching = EventMatching(), gap: Double = 0.15) {
        self.matching = matching
        self.gap = gap
    }

    /// Hops of `hopSeconds` in a block.
    public static func hopsInBlock(hopSeconds: Double) -> Int {
        max(1, Int(saturating: (block / hopSeconds).rounded()))
    }
}
