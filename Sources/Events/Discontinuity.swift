// A gap in the audio.

import AudioCore

/// Audio is missing here. What was on has been sent off before this line; what still sounds comes on again after it.
public struct Discontinuity: Equatable, Sendable {
    /// Why audio is missing.
    public var reason: GapCause
    /// About how much audio is missing, in seconds; 0 when it is not known.
    public var lostSeconds: Double

    /// Creates the event's content.
    public init(reason: GapCause, lostSeconds: Double) {
        self.reason = reason
        self.lostSeconds = lostSeconds
    }
}
