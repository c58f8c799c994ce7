// The content of a `snapshot` line.

import AudioCore

/// The state that a consumer needs to start or to resume: the active instruments and the state of each stream.
public struct Snapshot: Equatable, Sendable {
    /// An instrument that is on.
    public struct Active: Equatable, Sendable {
        /// The stream in which it is on.
        public var stream: String
        /// Its class.
        public var instrument: String
        /// Its family.
        public var family: String
        /// `t` of its `on`, in seconds.
        public var since: Double
        /// Confidence of its `on`, 0...1.
        public var confidence: Float

        /// Creates an entry.
        public init(stream: String, instrument: String, family: String, since: Double, confidence: Float) {
            self.stream = stream
            self.instrument = instrument
            self.family = family
            self.since = since
            self.confidence = confidence
        }
    }

    /// The state of one stream.
    public struct StreamHealth: Equatable, Sendable {
        /// The stream.
        public var stream: String
        /// Its state.
        public var state: SourceState

        /// Creates an entry.
        public init(stream: String, state: SourceState) {
            self.stream = stream
            self.state = state
        }
    }

    /// The active instruments, in the order of their `on` events.
    public var active: [Active]
    /// Each stream's state, in the order of the configuration.
    public var health: [StreamHealth]

    /// Creates a snapshot.
    public init(active: [Active], health: [StreamHealth]) {
        self.active = active
        self.health = health
    }
}
