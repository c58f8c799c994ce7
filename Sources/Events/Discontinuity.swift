// A gap in the audio.

/// Audio is missing here. What was on has been sent off before this line; what still sounds comes on again after it.
public struct Discontinuity: Equatable, Sendable {
    /// Why audio is missing.
    public enum Reason: String, CaseIterable, Sendable, BitwiseCopyable {
        /// The device overran: we or the kernel were late.
        case xrun
        /// Analysis could not keep up and jumped to the live edge.
        case overload
        /// The source was lost and opened again.
        case reopened
        /// The source came back at another sample rate.
        case rateChange = "rate_change"
        /// The machine slept.
        case suspend
        /// The machine's clock was stepped; no audio is missing, wall times begin anew.
        case clockJump = "clock_jump"
    }

    /// Why.
    public var reason: Reason
    /// About how much audio is missing, in seconds; 0 when nobody can say.
    public var lostSeconds: Double

    /// Creates the event's content.
    public init(reason: Reason, lostSeconds: Double) {
        self.reason = reason
        self.lostSeconds = lostSeconds
    }
}
