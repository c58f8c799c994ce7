// What keeps an engine from starting, as sentences a person can act on.

import AudioInput
import Events
import Models

/// Why an engine could not be made or started.
public enum EngineError: Error, CustomStringConvertible, Sendable {
    /// The model file is unusable.
    case model(ModelError)
    /// The name of a source cannot be read.
    case source(stream: String, AudioInputError)
    /// Thresholds or times make no sense together.
    case settings(EventsError)
    /// The system refused a thread or a descriptor.
    case thread(reason: String)

    /// The sentence.
    public var description: String {
        switch self {
        case .model(let error): "\(error)"
        case .source(let stream, let error): "stream \(stream): \(error)"
        case .settings(let error): "\(error)"
        case .thread(let reason): "the system refused a thread: \(reason); look at the limits of tasks and memory"
        }
    }
}
