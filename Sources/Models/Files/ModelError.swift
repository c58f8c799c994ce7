// The errors of model files, as messages with a remedy.

import NeuralNetwork

/// The reason why a model was rejected.
public enum ModelError: Error, Equatable, Sendable {
    /// The file, or a tensor in it, is invalid.
    case file(NetworkError)
    /// The weights do not match the description.
    case network(file: String, NetworkError)
    /// The file is valid but contains no model for this program.
    case notAModel(file: String, reason: String)
    /// The file contains a model of another kind, which is named.
    case kind(file: String, String)
    /// The weights differ from those that were saved.
    case damaged(file: String, reason: String)
    /// The description cannot be decoded or is inconsistent.
    case description(file: String, reason: String)
    /// The clip model does not support this window.
    case window(file: String, reason: String)
}

extension ModelError {
    /// Whether the file could not be opened or read, so that nothing is known of its content.
    public var isUnreadable: Bool {
        if case .file(.unreadable) = self { true } else { false }
    }
}

extension ModelError: CustomStringConvertible {
    /// The message: the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .network(let file, let error): "\(file): \(error)"
        case .notAModel(let file, let reason): "\(file) is not a timbred model: \(reason)."
        case .kind(let file, let kind): "\(file) is \(kind)."
        case .damaged(let file, let reason):
            "\(file) is damaged: \(reason). Copy it again from its source, and check the disk and the memory."
        case .description(let file, let reason):
            "\(file): the model's description is invalid: \(reason). Export the model again."
        case .window(let file, let reason): "\(file): the window does not suit the model: \(reason)."
        }
    }
}
