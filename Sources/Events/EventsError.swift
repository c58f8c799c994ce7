// The errors of this module, with a message for each.

import JSON

/// The reason why an input or a setting is rejected.
public enum EventsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A line is not valid JSON.
    case json(JSONError)
    /// A line is JSON but not an event.
    case event(problem: String)
    /// A line is an event that cannot follow the lines before it.
    case order(problem: String)
    /// A setting is out of its range or inconsistent.
    case setting(name: String, problem: String)

    /// The message.
    public var description: String {
        switch self {
        case .json(let error): error.description
        case .event(let problem): "not an event: \(problem)"
        case .order(let problem): problem
        case .setting(let name, let problem): "\(name) \(problem)"
        }
    }
}
