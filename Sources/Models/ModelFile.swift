// A model file, read and checked from the first byte to the last before any of it is used.

import CCrypto
import NeuralNetwork

/// A model with its weights and without state; any number of `FrameModel`s may share it.
public struct ModelFile: Sendable {
    /// What the model says about itself.
    public let description: ModelDescription
    /// The network with its weights.
    public let network: SequentialNetwork
    /// SHA-256 of the file, in 64 hexadecimal digits.
    public let sha256: String

    /// What `format` must say in the file's metadata.
    public static let format = ModelContent.format

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
        description = try content.description(as: ModelDescription.self)
        if let reason = description.contradiction { throw .description(file: file, reason: reason) }
        do {
            network = try SequentialNetwork(description.network, tensors: content.tensors)
        } catch {
            throw .network(file: file, error)
        }
        guard network.outputs == description.classes.count else {
            throw .description(
                file: file,
                reason: "the network has \(network.outputs) outputs for \(description.classes.count) classes")
        }
        sha256 = Self.sha256(bytes)
    }

    /// SHA-256 in hexadecimal; OpenSSL's, which uses the processor's own instructions for it.
    public static func sha256(_ bytes: [UInt8]) -> String {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        SHA256(bytes, bytes.count, &digest)
        return digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
