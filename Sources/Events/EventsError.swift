// Everything that can go wrong with events, as sentences.

/// Why something was refused.
public enum EventsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A text is not JSON as we accept it; `byte` counts from 0.
    case json(byte: Int, problem: String)
    /// A line is JSON and is not an event.
    case event(problem: String)
    /// A setting makes no sense.
    case setting(name: String, problem: String)

    /// The sentence.
    public var description: String {
        switch self {
        case .json(let byte, let problem): "not valid JSON at byte \(byte): \(problem)"
        case .event(let problem): "not an event: \(problem)"
        case .setting(let name, let problem): "\(name) \(problem)"
        }
    }
}
