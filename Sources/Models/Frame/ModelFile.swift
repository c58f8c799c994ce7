// A model file, completely read and validated before any of it is used.

import Digests
import NeuralNetwork

/// A model with its weights and without state; any number of `FrameModel`s may share it.
public struct ModelFile: Sendable {
    /// The description in its metadata.
    public let description: ModelDescription
    /// The network with its weights.
    public let network: SequentialNetwork
    /// SHA-256 of the file, in 64 hexadecimal digits.
    public let sha256: String
    /// Whether the file contains a checksum of its weights, so that a changed bit is detected.
    public let isSealed: Bool

    /// The required value of `format` in the file's metadata.
    public static let format = ModelContent.format

    /// Reads, validates and builds the model at `path`.
    public init(contentsOf path: String, precision: Precision = .full) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        try self.init(bytes, file: path, precision: precision)
    }

    /// Validates and builds a model from the bytes of its file; `file` is its name in error messages.
    public init(_ bytes: [UInt8], file: String, precision: Precision = .full) throws(ModelError) {
        let content = try ModelContent(bytes, file: file)
        try content.require(.frame)
        description = try content.description(as: ModelDescription.self)
        if let reason = description.contradiction { throw .description(file: file, reason: reason) }
        do {
            network = try SequentialNetwork(
                description.network, tensors: content.tensors, outputScale: description.outputScale,
                precision: precision)
        } catch {
            throw .network(file: file, error)
        }
        guard network.outputs == description.classes.count else {
            throw .description(
                file: file,
                reason: "the network has \(network.outputs) outputs for \(description.classes.count) classes")
        }
        sha256 = Digest.sha256(bytes)
        isSealed = content.isSealed
    }
}
