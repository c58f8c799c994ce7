// The container of all model files: safetensors with a format and a description in JSON.

import Digests
import JSON
import NeuralNetwork

/// The tensors of a model file and the text of its description.
struct ModelContent {
    /// The weights.
    let tensors: [String: Tensor]
    /// Whether the file contains a checksum of its tensors, which then matches.
    let isSealed: Bool
    /// The name of the file in error messages.
    let file: String
    private let text: String

    /// The required value of `format` in the file's metadata.
    static let format = "timbred-model-1"
    /// The metadata key of the SHA-256 of all data after the header, in hexadecimal.
    static let checksum = "tensors_sha256"
    /// The largest nesting of the description, which contains layers and provenance of any structure.
    private static let depth = 32

    /// Validates the bytes of a file; `file` is its name in error messages.
    init(_ bytes: [UInt8], file: String) throws(ModelError) {
        let content: Safetensors
        do {
            content = try Safetensors(bytes, file: file)
        } catch {
            throw .file(error)
        }
        guard let format = content.metadata["format"], let text = content.metadata["description"] else {
            throw .notAModel(file: file, reason: "its metadata lacks 'format' or 'description'")
        }
        guard format == Self.format else {
            throw .notAModel(
                file: file, reason: "its format is '\(format)', and this program supports '\(Self.format)'")
        }
        if let wanted = content.metadata[Self.checksum] {
            // The header was parsed, so its length is valid.
            let header = bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
            let found = bytes.withUnsafeBytes {
                Digest.sha256(UnsafeRawBufferPointer(rebasing: $0[(8 + header)...]))
            }
            guard found == wanted else {
                throw .damaged(
                    file: file, reason: "the SHA-256 of its tensors is \(found.prefix(12)) and was \(wanted.prefix(12))"
                )
            }
        }
        isSealed = content.metadata[Self.checksum] != nil
        tensors = content.tensors
        self.text = text
        self.file = file
    }

    /// Decodes the description as the type for its kind of model.
    func description<Description: Decodable>(as type: Description.Type) throws(ModelError) -> Description {
        do throws(JSONError) {
            return try JSONParser.parse(text, depth: Self.depth).decode(as: type)
        } catch {
            throw .description(file: file, reason: error.description)
        }
    }
}
