// Why annotations could not be read, as sentences a person can act on.

/// Why a file of annotations was refused.
public enum AnnotationsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// It cannot be read at all; `detail` is the system's reason.
    case unreadable(file: String, detail: String)
    /// A line is wrong; lines count from 1.
    case line(file: String, line: Int, problem: String)
    /// A byte is wrong; bytes count from 0.
    case byte(file: String, byte: Int, problem: String)
    /// A value is wrong; `element` is its path, as `annotations[0].data[3]`.
    case element(file: String, element: String, problem: String)

    /// The sentence, with the position in front in the form that editors link.
    public var description: String {
        switch self {
        case .unreadable(let file, let detail): "\(file): cannot be read: \(detail)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .byte(let file, let byte, let problem): "\(file): byte \(byte): \(problem)"
        case .element(let file, let element, let problem): "\(file): \(element): \(problem)"
        }
    }
}
