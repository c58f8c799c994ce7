// The states of a source, as health events name them.

/// Where a source stands.
public enum SourceState: Int, Sendable, BitwiseCopyable, CustomStringConvertible {
    /// There is nothing to open; it is tried again after a while.
    case waiting
    /// Open and not yet heard from.
    case opening
    /// Frames arrive.
    case running
    /// It is open and claims to be well, but no frames arrive.
    case stalled
    /// It broke while it ran; it will be opened again.
    case lost
    /// A file or pipe came to its end, or the source was stopped. Nothing follows.
    case ended
    /// A file or pipe could not be opened or read on. Nothing follows.
    case failed

    /// Whether nothing more will come.
    public var isFinal: Bool { self == .ended || self == .failed }

    /// The word used in health events.
    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .opening: "opening"
        case .running: "running"
        case .stalled: "stalled"
        case .lost: "lost"
        case .ended: "ended"
        case .failed: "failed"
        }
    }
}
