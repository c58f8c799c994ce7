// The models of an engine, loaded once for any number of engines.

import Configuration
import Events
import Models

/// The frame model, and the clip model where there is one: loaded and validated. Engines that share them use identical
/// weights, even when the files change.
public struct EngineModels: Sendable {
    /// The frame model.
    public let file: ModelFile
    /// The clip model and its settings; nil when there are no tags.
    public let clip: ClipSettings?

    /// Loads the models of the settings; `path` is the frame model's.
    public init(_ settings: Settings, path: String) throws(EngineError) {
        do throws(ModelError) {
            file = try ModelFile(contentsOf: path)
        } catch {
            throw .model(error)
        }
        clip = try ClipSettings.load(settings.tags)
    }
}
