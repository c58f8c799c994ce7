// What kind of model a file holds, before it is read as one.

import NeuralNetwork

/// What a model does.
public enum ModelTask: String, Codable, Sendable {
    /// The activity of instruments at every hop; see `ModelFile`.
    case frame
    /// The tags of a window; see `ClipModelFile`.
    case clip

    private struct Description: Decodable {
        let task: ModelTask
    }

    /// Reads the task of the model file at `path`; the rest of its description is not looked at.
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
