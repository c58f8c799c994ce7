// The errors of a bridge's configuration and start.

import System

/// The reason why a bridge rejected its command line or configuration, or could not start.
public enum BridgeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A sink of the command line is invalid.
    case sink(text: String, problem: String)
    /// A line of the configuration is invalid; lines count from 1.
    case line(file: String, line: Int, problem: String)
    /// The configuration cannot be read.
    case unreadable(file: String, detail: String)
    /// The system could not create a thread or a descriptor.
    case system(call: String, code: Int32)

    /// The message; for an error in a line it has the form that editors and terminals link.
    public var description: String {
        switch self {
        case .sink(let text, let problem): "\(text): \(problem)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .unreadable(let file, let detail): "\(file): cannot be read: \(detail)"
        case .system(let call, let code): "\(call) failed: \(SystemError(code: code))"
        }
    }
}
