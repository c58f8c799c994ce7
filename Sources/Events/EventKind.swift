// The value of `type` in every line.

/// What a line is about; the raw value is what stands in its `type` field.
public enum EventKind: String, CaseIterable, Sendable {
    /// The first line to a consumer: who speaks, and what it can hear.
    case hello
    /// What is active at this moment.
    case snapshot
    /// An instrument began to sound.
    case on
    /// An instrument stopped sounding.
    case off
    /// The levels of all instruments, for visualisers.
    case activity
    /// What the last seconds held as a whole.
    case tags
    /// The state of a stream's source changed.
    case health
    /// Audio is missing at this point of the stream.
    case discontinuity
    /// A person or a program put a mark here.
    case mark
    /// The recording of a source began or ended.
    case recording
    /// This consumer read too slowly and lost lines.
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

    /// True when a consumer may leave lines of this kind out of its subscription.
    public var isSubscribable: Bool { isTimed }
}
