// Why a bridge cannot run as it was asked to.

import System

/// Why a bridge refused its command line or configuration, or could not start.
public enum BridgeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A sink of the command line is wrong.
    case sink(text: String, problem: String)
    /// A line of the configuration is wrong; lines count from 1.
    case line(file: String, line: Int, problem: String)
    /// The configuration cannot be read.
    case unreadable(file: String, detail: String)
    /// The system refused a thread or a descriptor.
    case system(call: String, code: Int32)

    /// The sentence, in the form that editors and terminals link where it speaks of a line.
    public var description: String {
        switch self {
        case .sink(let text, let problem): "\(text): \(problem)"
        case .line(let file, let line, let problem): "\(file):\(line): \(problem)"
        case .unreadable(let file, let detail): "\(file): cannot be read: \(detail)"
        case .system(let call, let code): "\(call) failed: \(SystemError(code: code))"
        }
    }
}
