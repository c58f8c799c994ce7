// The state of the recording of a source, as status commands report it.

import Events
import JSON

/// The state of one source's recording.
public struct RecordingStatus: Equatable, Sendable {
    /// What it does.
    public enum State: String, Sendable, CaseIterable {
        /// Waits for a cause.
        case waiting
        /// A session is being written.
        case recording
        /// Was told not to record.
        case stopped
        /// Should record and cannot; it is tried again.
        case failed
    }

    /// Name of the source.
    public var name: String
    /// What it does.
    public var state = State.waiting
    /// The folder of the session that is being recorded; empty when none is.
    public var session = ""
    /// Why it is being recorded.
    public var cause = ""
    /// Seconds of sound in the session.
    public var seconds = 0.0
    /// Frames that were lost because the disk was too slow, since the start.
    public var dropped: Int64 = 0
    /// Sessions begun since the start.
    public var sessions = 0
    /// Orders that were carried out since the start: a client that gave one waits for the next.
    public var orders = 0
    /// Bytes free on the disk when it was last looked at; `nil` when the folder is not there.
    public var free: Int64?
    /// Why it failed the last time; empty when it did not.
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
