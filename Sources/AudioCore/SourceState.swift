// How a source of sound fares.

/// Where a source stands, and with it each stream that is cut from it.
///
/// The capture thread knows all of them but `silent`, which is found by who hears what comes.
public enum SourceState: Int, Sendable, BitwiseCopyable, CaseIterable, LosslessStringConvertible {
    /// There is nothing to open, or not yet; it is looked for again and again.
    case waiting
    /// Open and not yet heard from.
    case opening
    /// Frames arrive.
    case running
    /// Frames arrive and have been digital silence for a while: a muted or dead input.
    case silent
    /// It is open and claims to be well, but no frames arrive.
    case stalled
    /// It broke while it ran; it will be opened again.
    case lost
    /// A file or pipe came to its end, or the source was stopped. Nothing follows.
    case ended
    /// A file or pipe could not be opened or read on. Nothing follows.
    case failed

    /// The state of this name; nil for a word that is none.
    public init?(_ description: String) {
        guard let state = Self.allCases.first(where: { $0.description == description }) else { return nil }
        self = state
    }

    /// Whether nothing more will come.
    public var isFinal: Bool { self == .ended || self == .failed }

    /// Whether a person should look.
    public var isTrouble: Bool {
        switch self {
        case .opening, .running, .ended: false
        case .waiting, .silent, .stalled, .lost, .failed: true
        }
    }

    /// The word that events, status and metrics use.
    public var description: String {
        switch self {
        case .waiting: "waiting"
        case .opening: "opening"
        case .running: "running"
        case .silent: "silent"
        case .stalled: "stalled"
        case .lost: "lost"
        case .ended: "ended"
        case .failed: "failed"
        }
    }
}
