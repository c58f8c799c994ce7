// The kind of model in a file, read before the rest.

import NeuralNetwork

/// The task of a model.
public enum ModelTask: String, Codable, Sendable {
    /// The activity of instruments at every hop; see `ModelFile`.
    case frame
    /// The tags of a window; see `ClipModelFile`.
    case clip

    private struct Description: Decodable {
        let task: ModelTask
    }

    /// Reads the task of the model file at `path` and ignores the rest of its description.
    public init(ofFile path: String) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        self = try ModelContent(bytes, file: path).description(as: Description.self).task
    }
}
