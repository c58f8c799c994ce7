// The file of a clip model, read and checked from the first byte to the last before any of it is used.

import NeuralNetwork

/// A clip model with its weights and without state; any number of `ClipModel`s may share it.
public struct ClipModelFile: Sendable {
    /// What the model says about itself.
    public let description: ClipDescription
    /// SHA-256 of the file, in 64 hexadecimal digits.
    public let sha256: String
    /// What errors call the file.
    public let name: String
    let network: ClipNetwork

    /// Reads, checks and builds the model at `path`.
    public init(contentsOf path: String) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        try self.init(bytes, file: path)
    }

    /// Checks and builds a model from the bytes of its file; `file` is what errors call it.
    public init(_ bytes: [UInt8], file: String) throws(ModelError) {
        let content = try ModelContent(bytes, file: file)
        description = try content.description(as: ClipDescription.self)
        if let reason = description.contradiction { throw .description(file: file, reason: reason) }
        do {
            network = try ClipNetwork(description, tensors: content.tensors)
        } catch {
            throw .network(file: file, error)
        }
        sha256 = ModelFile.sha256(bytes)
        name = file
    }

    /// Multiply-adds whenever a patch has come to its end, without those of the last layers.
    public var multiplyAdds: Int { network.multiplyAdds }

    /// Multiply-adds of the model's own window computed afresh.
    public var windowMultiplyAdds: Int { network.windowMultiplyAdds(patches: description.windowPatches) }
}
