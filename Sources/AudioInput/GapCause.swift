// Why a piece of a stream is missing.

/// Why frames are missing, or why the wall clock of the stream needs a new anchor.
public enum GapCause: String, Sendable, BitwiseCopyable, CaseIterable {
    /// The device overran its own buffer because the capture thread came late.
    case xrun
    /// The analysis was behind and the ring was full.
    case overload
    /// The source was away and came back.
    case reopened
    /// The machine slept.
    case suspend
    /// Somebody set the clock; no frames are missing.
    case clockJump = "clock_jump"
}
