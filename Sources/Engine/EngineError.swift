// The errors that prevent an engine from starting, with a message for each.

import AudioInput
import Events
import Models

/// The reason why an engine could not be created or started.
public enum EngineError: Error, CustomStringConvertible, Sendable {
    /// The model file is unusable.
    case model(ModelError)
    /// The source specification is invalid.
    case source(stream: String, AudioInputError)
    /// The thresholds or times are inconsistent.
    case settings(EventsError)
    /// The system could not create a thread or a descriptor.
    case thread(reason: String)

    /// Whether the model file could not be opened or read.
    public var hasNoModel: Bool {
        if case .model(let error) = self { error.isUnreadable } else { false }
    }

    /// The message.
    public var description: String {
        switch self {
        case .model(let error): "\(error)"
        case .source(let stream, let error): "stream \(stream): \(error)"
        case .settings(let error): "\(error)"
        case .thread(let reason): "the system refused a thread: \(reason); look at the limits of tasks and memory"
        }
    }
}
