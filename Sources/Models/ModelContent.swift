// What every model file is: safetensors with a format and a description in JSON.

import NeuralNetwork

/// The tensors of a model file and the text of its description.
struct ModelContent {
    /// The weights.
    let tensors: [String: Tensor]
    private let text: String
    private let file: String

    /// What `format` must say in the file's metadata.
    static let format = "timbred-model-1"
    /// The description nests layers and free provenance.
    private static let depth = 32

    /// Checks the bytes of a file; `file` is what errors call it.
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
        tensors = content.tensors
        self.text = text
        self.file = file
    }

    /// The description, in the words of its kind of model.
    func description<Description: Decodable>(as type: Description.Type) throws(ModelError) -> Description {
        do {
            return try BoundedJSON.decode(type, from: text.utf8, depth: Self.depth)
        } catch {
            throw .description(file: file, reason: error.reason)
        }
    }
}
