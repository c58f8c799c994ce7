// The kind of model in a file, read before the rest.

import NeuralNetwork

/// The task of a model.
public enum ModelTask: String, Codable, Sendable {
    /// The activity of instruments at every hop; see `ModelFile`.
    case frame
    /// The tags of a window; see `ClipModelFile`.
    case clip

    /// Reads the task of the model file at `path` and ignores the rest of its description.
    public init(ofFile path: String) throws(ModelError) {
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path)
        } catch {
            throw .file(error)
        }
        self = try ModelContent(bytes, file: path).task()
    }
}

extension ModelContent {
    private struct Description: Decodable {
        let task: String
    }

    /// Returns the task of the model; throws for those that only the training runs.
    func task() throws(ModelError) -> ModelTask {
        let name = try description(as: Description.self).task
        switch name {
        case "frame-offline":
            throw .kind(file: file, "an offline system, which needs frames to come, and cannot run live")
        case "pitch": throw .kind(file: file, "a pitch estimator, which names no instruments")
        default: break
        }
        guard let task = ModelTask(rawValue: name) else {
            throw .description(file: file, reason: "the task '\(name)' is unknown; expected 'frame' or 'clip'")
        }
        return task
    }

    /// Throws unless the model has this task, so that a file in the wrong place is named as what it is.
    func require(_ wanted: ModelTask) throws(ModelError) {
        let task = try task()
        guard task != wanted else { return }
        switch task {
        case .clip: throw .kind(file: file, "a clip model: name it under [tags]")
        case .frame: throw .kind(file: file, "a frame model: name it under [model]")
        }
    }
}
