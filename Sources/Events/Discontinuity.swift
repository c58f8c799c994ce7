// The content of a `discontinuity` event.

import AudioCore

/// A gap in the audio. The tracker emits `off` for every active instrument before this event; an instrument that still
/// sounds gets a new `on` after it.
public struct Discontinuity: Equatable, Sendable {
    /// The cause of the gap.
    public var reason: GapCause
    /// The approximate length of the gap, in seconds; 0 when it is not known.
    public var lostSeconds: Double

    /// Creates the event's content.
    public init(reason: GapCause, lostSeconds: Double) {
        self.reason = reason
        self.lostSeconds = lostSeconds
    }
}
