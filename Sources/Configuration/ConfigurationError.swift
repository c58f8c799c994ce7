// The errors of a configuration: the problem, its place and the remedy.

/// The reason why a configuration was rejected.
public enum ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read; `detail` is the system's reason.
    case unreadable(file: String, detail: String)
    /// A line is invalid; lines count from 1. `problem` is a sentence that ends with the remedy.
    case line(file: String, line: Int, problem: String)

    /// The message, in the form that editors and terminals link: `file:line: problem`.
    public var description: String {
        switch self {
        case .unreadable(let file, let detail): "\(file): cannot be read: \(detail)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        }
    }
}
