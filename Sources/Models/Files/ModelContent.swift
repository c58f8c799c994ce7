// The container that every model file is: safetensors with a format and a description in JSON.

import Digests
import JSON
import NeuralNetwork

/// The tensors of a model file and the text of its description.
struct ModelContent {
    /// The weights.
    let tensors: [String: Tensor]
    /// Whether the file holds a checksum of its tensors, with which they agree.
    let isSealed: Bool
    private let text: String
    private let file: String

    /// What `format` must say in the file's metadata.
    static let format = "timbred-model-1"
    /// Where the metadata has the SHA-256 of everything behind the header, in hexadecimal.
    static let checksum = "tensors_sha256"
    /// The description nests layers and free provenance.
    private static let depth = 32

    /// Checks the bytes of a file; `file` is its name in error messages.
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
            throw .notAModel(file: file, reason: "its format is '\(format)', and this program reads '\(Self.format)'")
        }
        if let wanted = content.metadata[Self.checksum] {
            // The header was read, so it is as long as it says.
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

    /// The description, decoded as the type of its kind of model.
    func description<Description: Decodable>(as type: Description.Type) throws(ModelError) -> Description {
        do throws(JSONError) {
            return try JSONParser.parse(text, depth: Self.depth).decode(as: type)
        } catch {
            throw .description(file: file, reason: error.description)
        }
    }
}
