// The file of a clip model, completely read and validated before any of it is used.

import Digests
import NeuralNetwork

/// A clip model with its weights and without state; any number of `ClipModel`s may share it.
public struct ClipModelFile: Sendable {
    /// The description in the metadata of the file.
    public let description: ClipDescription
    /// The system that the description names.
    public let architecture: ClipArchitecture
    /// SHA-256 of the file, in 64 hexadecimal digits.
    public let sha256: String
    /// Whether the file contains a checksum of its weights, so that a changed bit is detected.
    public let isSealed: Bool
    /// The name of the file in error messages.
    public let name: String
    package let network: any ClipNetwork

    /// Reads, validates and builds the model at `path`, whose system must be one of `architectures`.
    public init(contentsOf path: String, among architectures: [ClipArchitecture] = .shipped) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        try self.init(bytes, file: path, among: architectures)
    }

    /// Validates and builds a model from the bytes of its file; `file` is its name in error messages.
    public init(
        _ bytes: [UInt8], file: String, among architectures: [ClipArchitecture] = .shipped
    ) throws(ModelError) {
        let content = try ModelContent(bytes, file: file)
        try content.require(.clip)
        description = try content.description(as: ClipDescription.self)
        let name = description.architecture
        guard let architecture = architectures.first(where: { $0.name == name }) else {
            let known = architectures.map { "'\($0.name)'" }.joined(separator: ", ")
            throw .description(file: file, reason: "the architecture '\(name)' is unknown; expected one of \(known)")
        }
        if let reason = description.contradiction(architecture) { throw .description(file: file, reason: reason) }
        self.architecture = architecture
        do {
            network = try architecture.build(description, content.tensors)
        } catch {
            throw .network(file: file, error)
        }
        sha256 = Digest.sha256(bytes)
        self.name = file
        isSealed = content.isSealed
    }

    /// Multiply-adds per completed patch, without those of the last layers.
    public var multiplyAdds: Int { network.multiplyAdds }

    /// Multiply-adds of the model's own window when it is computed from the beginning.
    public var windowMultiplyAdds: Int { network.windowMultiplyAdds(patches: description.windowPatches) }
}
