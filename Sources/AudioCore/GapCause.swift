// The reasons why a part of a stream is missing.

/// The reason why frames are missing, or why the wall clock of the stream has a new anchor. The raw value is used in
/// events.
public enum GapCause: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The device's buffer overran because the capture thread was late.
    case xrun
    /// The analysis was behind and skipped to the live edge.
    case overload
    /// The source was lost and opened again.
    case reopened
    /// The source was opened again at another sample rate.
    case rateChange = "rate_change"
    /// The machine was suspended.
    case suspend
    /// The system clock was stepped; no frames are missing, and the wall times start from a new anchor.
    case clockJump = "clock_jump"

    /// The causes for which missing frames are counted.
    public static let counted: [GapCause] = [.xrun, .overload, .reopened, .suspend]
}
