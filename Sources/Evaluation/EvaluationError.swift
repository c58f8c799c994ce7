// The errors of an evaluation, with a message for each.

/// The error in a set, a reference or saved results.
public enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file cannot be read or written; `detail` is the system's reason.
    case file(path: String, detail: String)
    /// A line of a manifest is invalid; lines count from 1.
    case line(file: String, line: Int, problem: String)
    /// A file does not contain the expected data.
    case content(file: String, problem: String)
    /// A reference has annotations of a class that the labels mark as absent.
    case contradiction(instrument: String)

    /// The message.
    public var description: String {
        switch self {
        case .file(let path, let detail): "\(path): \(detail)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .content(let file, let problem): "\(file): \(problem)"
        case .contradiction(let instrument):
            "the reference has annotations of \(instrument), which is absent according to the labels: correct one of them"
        }
    }
}
