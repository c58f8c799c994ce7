// Everything that can be wrong with weights and network descriptions, as sentences a person can act on.

/// Why a file of tensors or a network made from it was refused.
public enum NetworkError: Error, Equatable, Sendable {
    /// The file cannot be opened or read.
    case unreadable(file: String, reason: String)
    /// The file is not what it claims to be; `byte` is where that shows, counted from its start.
    case malformed(file: String, byte: Int, reason: String)
    /// One tensor's entry contradicts itself, its neighbours or the file; `byte` is where its data should begin.
    case malformedTensor(file: String, tensor: String, byte: Int, reason: String)
    /// A layer needs a tensor that is not there.
    case missingTensor(String, expected: [Int])
    /// A tensor has another shape than its layer needs.
    case wrongShape(tensor: String, expected: [Int], found: [Int])
    /// A tensor holds values with which nothing can be calculated.
    case unusableValues(tensor: String, reason: String)
    /// The description of a layer (counted from 0) makes no sense.
    case invalidLayer(index: Int, reason: String)
    /// The network as a whole makes no sense.
    case invalidNetwork(reason: String)
}

extension NetworkError: CustomStringConvertible {
    /// A sentence that says what was wrong, where, and what to do.
    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "\(file) cannot be read: \(reason)."
        case .malformed(let file, let byte, let reason):
            "\(file), byte \(byte): \(reason). Fetch or export the file again."
        case .malformedTensor(let file, let tensor, let byte, let reason):
            "\(file), byte \(byte), tensor '\(tensor)': \(reason). Fetch or export the file again."
        case .missingTensor(let tensor, let expected):
            "The tensor '\(tensor)' of shape \(expected) is missing; the description and the weights do not belong together."
        case .wrongShape(let tensor, let expected, let found):
            "The tensor '\(tensor)' has shape \(found) where the description needs \(expected)."
        case .unusableValues(let tensor, let reason):
            "The tensor '\(tensor)' cannot be used: \(reason). Export the model again."
        case .invalidLayer(let index, let reason):
            "Layer \(index) of the network description: \(reason)."
        case .invalidNetwork(let reason):
            "The network description: \(reason)."
        }
    }
}
