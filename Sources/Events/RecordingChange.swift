// The recording of a source began or ended.

/// What became of a recording.
public struct RecordingChange: Equatable, Sendable {
    /// What happened.
    public enum State: String, CaseIterable, Sendable {
        /// A session was begun.
        case started
        /// A session was ended in order.
        case stopped
        /// It cannot be recorded on, or not at all; hearing goes on.
        case failed
    }

    /// What happened.
    public var state: State
    /// The session's folder; empty where none could be made.
    public var session: String
    /// Why, as a sentence for a person.
    public var message: String

    /// Creates the event's content.
    public init(state: State, session: String, message: String) {
        self.state = state
        self.session = session
        self.message = message
    }
}
