// The content of a `health` event.

import AudioCore

/// A change of a stream's state. Every condition that keeps the daemon from processing audio is reported.
public struct Health: Equatable, Sendable {
    /// The new state.
    public var state: SourceState
    /// The specification of the source: "alsa:hw:1".
    public var source: String
    /// A message for the user.
    public var message: String

    /// Creates the event's content.
    public init(state: SourceState, source: String, message: String) {
        self.state = state
        self.source = source
        self.message = message
    }
}
