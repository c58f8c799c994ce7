// The errors of recorded sessions, with a message for each.

/// The reason why a session could not be recorded, read or repaired.
public enum RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of a session is missing or cannot be read; `detail` is the system's reason.
    case unreadable(path: String, detail: String)
    /// `session.json` has an invalid value; `problem` is the end of the message.
    case manifest(path: String, problem: String)
    /// A line of `events.jsonl` is invalid; lines count from 1.
    case line(path: String, line: Int, problem: String)
    /// The audio of a session does not have the form that the program writes.
    case audio(path: String, problem: String)
    /// A file or folder cannot be written; data written before is kept.
    case unwritable(path: String, detail: String)
    /// A program is still recording into the session.
    case inUse(path: String)
    /// A schedule, an instrument or a time is invalid; `problem` is the end of the message.
    case setting(name: String, problem: String)

    /// The message: the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let path, let detail): "\(path): cannot be read: \(detail)"
        case .manifest(let path, let problem): "\(path): \(problem)"
        case .line(let path, let line, let problem): "\(path):\(line): \(problem)"
        case .audio(let path, let problem): "\(path): \(problem)"
        case .unwritable(let path, let detail): "\(path): cannot be written: \(detail)"
        case .inUse(let path): "\(path) is being recorded: end the recording first"
        case .setting(let name, let problem): "\(name) \(problem)"
        }
    }
}
