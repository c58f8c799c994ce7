// What can go wrong with a recorded session, as sentences a person can act on.

/// Why a session could not be recorded, read or repaired.
public enum RecordingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file of a session cannot be read, or there is none; `detail` is the system's reason.
    case unreadable(path: String, detail: String)
    /// `session.json` says something it may not say; `problem` is the end of the sentence.
    case manifest(path: String, problem: String)
    /// A line of `events.jsonl` is wrong; lines count from 1.
    case line(path: String, line: Int, problem: String)
    /// The sound of a session is not what the program writes.
    case audio(path: String, problem: String)
    /// A file or folder cannot be written; what was written before is kept.
    case unwritable(path: String, detail: String)
    /// A program is still recording into the session.
    case inUse(path: String)
    /// A schedule, an instrument or a time that cannot be read; `problem` is the end of the sentence.
    case setting(name: String, problem: String)

    /// A sentence that says what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let path, let detail): "\(path): cannot be read: \(detail)"
        case .manifest(let path, let problem): "\(path): \(problem)"
        case .line(let path, let line, let problem): "\(path):\(line): \(problem)"
        case .audio(let path, let problem): "\(path): \(problem)"
        case .unwritable(let path, let detail): "\(path): cannot be written: \(detail)"
        case .inUse(let path): "\(path) is being recorded at this moment: end that recording first"
        case .setting(let name, let problem): "\(name) \(problem)"
        }
    }
}
