// The errors of annotation files, with a message for each.

/// The reason why a file of annotations was rejected.
public enum AnnotationsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file cannot be read; `detail` is the system's reason.
    case unreadable(file: String, detail: String)
    /// A line is invalid; lines count from 1.
    case line(file: String, line: Int, problem: String)
    /// A byte is invalid; bytes count from 0.
    case byte(file: String, byte: Int, problem: String)
    /// A value is invalid; `element` is its path, as `annotations[0].data[3]`.
    case element(file: String, element: String, problem: String)

    /// The message, preceded by the position in the form that editors link.
    public var description: String {
        switch self {
        case .unreadable(let file, let detail): "\(file): cannot be read: \(detail)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .byte(let file, let byte, let problem): "\(file): byte \(byte): \(problem)"
        case .element(let file, let element, let problem): "\(file): \(element): \(problem)"
        }
    }
}
