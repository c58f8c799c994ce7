// Everything that can go wrong with events, as sentences.

import JSON

/// Why something was refused.
public enum EventsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line is not JSON as we accept it.
    case json(JSONError)
    /// A line is JSON and is not an event.
    case event(problem: String)
    /// A line is an event that cannot follow those before it.
    case order(problem: String)
    /// A setting makes no sense.
    case setting(name: String, problem: String)

    /// The sentence.
    public var description: String {
        switch self {
        case .json(let error): error.description
        case .event(let problem): "not an event: \(problem)"
        case .order(let problem): problem
        case .setting(let name, let problem): "\(name) \(problem)"
        }
    }
}
