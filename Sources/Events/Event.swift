// One event, which is encoded as one line.

/// One event. `docs/events.md` describes the line format.
public struct Event: Equatable, Sendable {
    /// The kind of the event with its content.
    public enum Body: Equatable, Sendable {
        /// See ``Hello``.
        case hello(Hello)
        /// See ``Snapshot``.
        case snapshot(Snapshot)
        /// See ``InstrumentOn``.
        case on(InstrumentOn)
        /// See ``InstrumentOff``.
        case off(InstrumentOff)
        /// See ``Activity``.
        case activity(Activity)
        /// See ``Tags``.
        case tags(Tags)
        /// See ``Health``.
        case health(Health)
        /// See ``Discontinuity``.
        case discontinuity(Discontinuity)
        /// A user's mark with its text.
        case mark(text: String)
        /// See ``RecordingChange``.
        case recording(RecordingChange)
        /// See ``Lagged``.
        case lagged(Lagged)
        /// The reason why the connection closes.
        case closing(reason: String)
        /// See ``Reply``.
        case reply(Reply)
    }

    /// The stream of the event and its time in that stream.
    public struct Position: Equatable, Sendable {
        /// The stream's name.
        public var stream: String
        /// The time on that stream's clock.
        public var time: StreamTime

        /// Creates a position.
        public init(stream: String, time: StreamTime) {
            self.stream = stream
            self.time = time
        }
    }

    /// The stream and time; `nil` exactly for the kinds that are not timed.
    public let position: Position?
    /// The kind and content.
    public let body: Body

    /// Creates an event of one stream: `on`, `off`, `activity`, `tags`, `health`, `discontinuity`, `mark` or
    /// `recording`.
    public init(stream: String, time: StreamTime, _ body: Body) {
        self.position = Position(stream: stream, time: time)
        self.body = body
    }

    /// Creates an event that belongs to no stream: `hello`, `snapshot`, `lagged`, `closing` or `reply`.
    public init(_ body: Body) {
        self.position = nil
        self.body = body
    }

    /// The value of its `type` field.
    public var kind: EventKind {
        switch body {
        case .hello: .hello
        case .snapshot: .snapshot
        case .on: .on
        case .off: .off
        case .activity: .activity
        case .tags: .tags
        case .health: .health
        case .discontinuity: .discontinuity
        case .mark: .mark
        case .recording: .recording
        case .lagged: .lagged
        case .closing: .closing
        case .reply: .reply
        }
    }
}
