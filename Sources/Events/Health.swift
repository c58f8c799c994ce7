// How a stream's source is.

import AudioCore

/// A change of a stream's state. Nothing that keeps the daemon from hearing is ever silent.
public struct Health: Equatable, Sendable {
    /// The new state.
    public var state: SourceState
    /// What a person calls the source: "alsa:hw:1".
    public var source: String
    /// A sentence for a person.
    public var message: String

    /// Creates the event's content.
    public init(state: SourceState, source: String, message: String) {
        self.state = state
        self.source = source
        self.message = message
    }
}
