// How a stream's source is.

/// A change of a stream's state. Nothing that keeps the daemon from hearing is ever silent.
public struct Health: Equatable, Sendable {
    /// The states a stream can be in.
    public enum State: String, CaseIterable, Sendable {
        /// The device is not there, or not yet; it is looked for again and again.
        case waiting
        /// The device is being opened.
        case opening
        /// Audio arrives and is analysed.
        case running
        /// The device is open and nothing comes.
        case stalled
        /// The device failed or vanished.
        case lost
        /// The file or pipe came to its end.
        case ended
        /// Analysis cannot keep up; audio is skipped to stay live.
        case overload
        /// Audio arrives and has been digital silence for a while.
        case silent
    }

    /// The new state.
    public var state: State
    /// What a person calls the source: "alsa:hw:1".
    public var source: String
    /// A sentence for a person.
    public var message: String

    /// Creates the event's content.
    public init(state: State, source: String, message: String) {
        self.state = state
        self.source = source
        self.message = message
    }
}
