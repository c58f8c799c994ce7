// The errors of weights and network descriptions, with a message for each.

/// The reason why a file of tensors or a network was rejected.
public enum NetworkError: Error, Equatable, Sendable {
    /// The file cannot be opened or read.
    case unreadable(file: String, reason: String)
    /// The file is invalid; `byte` is the position of the error, counted from its start.
    case malformed(file: String, byte: Int, reason: String)
    /// One tensor's entry is inconsistent with itself, other entries or the file; `byte` is the expected start of its
    /// data.
    case malformedTensor(file: String, tensor: String, byte: Int, reason: String)
    /// A tensor that a layer needs is missing.
    case missingTensor(String, expected: [Int])
    /// The shape of a tensor differs from the shape that its layer needs.
    case wrongShape(tensor: String, expected: [Int], found: [Int])
    /// A tensor contains values that cannot be used in calculations.
    case unusableValues(tensor: String, reason: String)
    /// The description of a layer (counted from 0) is invalid.
    case invalidLayer(index: Int, reason: String)
    /// The network as a whole is invalid.
    case invalidNetwork(reason: String)
}

extension NetworkError: CustomStringConvertible {
    /// The message: the problem, its place and the remedy.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason)."
        case .malformed(let file, let byte, let reason):
            "\(file), byte \(byte): \(reason). Fetch or export the file again."
        case .malformedTensor(let file, let tensor, let byte, let reason):
            "\(file), byte \(byte), tensor '\(tensor)': \(reason). Fetch or export the file again."
        case .missingTensor(let tensor, let expected):
            "The tensor '\(tensor)' of shape \(expected) is missing; the description and the weights do not match."
        case .wrongShape(let tensor, let expected, let found):
            "The tensor '\(tensor)' has shape \(found) and the description requires \(expected)."
        case .unusableValues(let tensor, let reason):
            "The tensor '\(tensor)' cannot be used: \(reason). Export the model again."
        case .invalidLayer(let index, let reason):
            "Layer \(index) of the network description: \(reason)."
        case .invalidNetwork(let reason):
            "The network description: \(reason)."
        }
    }
}
