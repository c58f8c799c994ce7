// The content of a `recording` event.

/// A change of a source's recording.
public struct RecordingChange: Equatable, Sendable {
    /// The kind of change.
    public enum State: String, CaseIterable, Sendable {
        /// A session was started.
        case started
        /// A session was ended properly.
        case stopped
        /// The source cannot be recorded, or not any longer; analysis continues.
        case failed
    }

    /// The kind of change.
    public var state: State
    /// The session's folder; empty when none could be created.
    public var session: String
    /// The reason, as a message for the user.
    public var message: String

    /// Creates the event's content.
    public init(state: State, session: String, message: String) {
        self.state = state
        self.session = session
        self.message = message
    }
}
