// The state of the recording of a source, as status commands report it.

import Events
import JSON

/// The state of one source's recording.
public struct RecordingStatus: Equatable, Sendable {
    /// The activity of the recording.
    public enum State: String, Sendable, CaseIterable {
        /// Waits for a cause.
        case waiting
        /// A session is being written.
        case recording
        /// Stopped by command.
        case stopped
        /// Recording failed; it is tried again.
        case failed
    }

    /// Name of the source.
    public var name: String
    /// The activity of the recording.
    public var state = State.waiting
    /// The folder of the session that is being recorded; empty when none is.
    public var session = ""
    /// The cause of the recording.
    public var cause = ""
    /// Seconds of audio in the session.
    public var seconds = 0.0
    /// Frames that were lost because the disk was too slow, since the start.
    public var dropped: Int64 = 0
    /// Sessions started since the start.
    public var sessions = 0
    /// Number of commands that were executed since the start: a client that sent one waits until the number rises.
    public var orders = 0
    /// Bytes free on the disk at the last check; `nil` when the folder is missing.
    public var free: Int64?
    /// The reason of the last failure; empty when there was none.
    public var message = ""

    /// One object for the `record` command.
    public var report: JSONValue {
        .object([
            .init("name", .string(name)), .init("state", .string(state.rawValue)), .init("session", .string(session)),
            .init("cause", .string(cause)), .init("seconds", .number((seconds * 1000).rounded() / 1000)),
            .init("dropped_frames", .number(Double(dropped))), .init("sessions", .number(Double(sessions))),
            .init("orders", .number(Double(orders))),
            .init("free_bytes", free.map { .number(Double($0)) } ?? .null), .init("message", .string(message)),
        ])
    }
}
