// The states of an audio source.

/// The state of a source, and of each of its streams.
///
/// The capture thread sets all states except `silent`, which the delivery thread derives from the samples.
public enum SourceState: Int, Sendable, BitwiseCopyable, CaseIterable, LosslessStringConvertible {
    /// There is nothing to open, or not yet; the source is tried again repeatedly.
    case waiting
    /// The source is open; no frames have arrived yet.
    case opening
    /// Frames arrive.
    case running
    /// Frames arrive and have been digital silence for some time: a muted or dead input.
    case silent
    /// The source is open and reports no error, but no frames arrive.
    case stalled
    /// The source failed while it ran; it will be opened again.
    case lost
    /// A file or pipe ended, or the source was stopped. No frames follow.
    case ended
    /// A file or pipe could not be opened or read further. No frames follow.
    case failed

    /// Returns the state of this name; nil for any other text.
    public init?(_ description: String) {
        guard let state = Self.allCases.first(where: { $0.description == description }) else { return nil }
        self = state
    }

    /// Whether no more frames will follow.
    public var isFinal: Bool { self == .ended || self == .failed }

    /// Whether the user should check the source.
    public var isTrouble: Bool {
        switch self {
        case .opening, .running, .ended: false
        case .waiting, .silent, .stalled, .lost, .failed: true
        }
    }

    /// The name that events, status and metrics use.
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
