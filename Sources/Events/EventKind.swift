// The values of `type` in event lines.

/// The kind of an event; the raw value is the value of the `type` field.
public enum EventKind: String, CaseIterable, Sendable {
    /// The first line to a consumer: the program, its model and its instruments.
    case hello
    /// The active instruments and the state of every stream.
    case snapshot
    /// An instrument started.
    case on
    /// An instrument stopped.
    case off
    /// The activities of all instruments, for visualisers.
    case activity
    /// The instruments of the last seconds as a whole.
    case tags
    /// The state of a stream's source changed.
    case health
    /// Audio is missing at this point of the stream.
    case discontinuity
    /// A user or a program set a mark.
    case mark
    /// The recording of a source started, stopped or failed.
    case recording
    /// This consumer read too slowly and missed lines.
    case lagged
    /// The connection is about to be closed.
    case closing
    /// The answer to a command.
    case reply

    /// True when lines of this kind belong to one stream and carry its name, `t`, `frame` and `wall`.
    public var isTimed: Bool {
        switch self {
        case .on, .off, .activity, .tags, .health, .discontinuity, .mark, .recording: true
        case .hello, .snapshot, .lagged, .closing, .reply: false
        }
    }

    /// True when a consumer may exclude lines of this kind from its subscription.
    public var isSubscribable: Bool { isTimed }
}
