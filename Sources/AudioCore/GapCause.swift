// Why a piece of a stream is missing.

/// Why frames are missing, or why the wall clock of the stream has a new anchor. The raw value is the word in events.
public enum GapCause: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The device overran its own buffer because the capture thread came late.
    case xrun
    /// The analysis was behind and jumped to the live edge.
    case overload
    /// The source was lost and opened again.
    case reopened
    /// The source came back at another sample rate.
    case rateChange = "rate_change"
    /// The machine slept.
    case suspend
    /// The machine's clock was stepped; no frames are missing, wall times begin anew.
    case clockJump = "clock_jump"

    /// The causes for which missing frames are counted.
    public static let counted: [GapCause] = [.xrun, .overload, .reopened, .suspend]
}
