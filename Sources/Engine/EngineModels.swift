// The models of an engine, loaded once for as many engines as are wanted.

import Configuration
import Events
import Models

/// The frame model, and the clip model where there is one: read, checked and ready. Engines that share them hear with the
/// very same weights, whatever happens to the files meanwhile.
public struct EngineModels: Sendable {
    /// The frame model.
    public let file: ModelFile
    /// The clip model and how it is used; nil when nothing is tagged.
    public let clip: ClipSettings?

    /// Loads what the settings want; `path` is the frame model's.
    public init(_ settings: Settings, path: String) throws(EngineError) {
        do throws(ModelError) {
            file = try ModelFile(contentsOf: path)
        } catch {
            throw .model(error)
        }
        clip = try ClipSettings.load(settings.tags)
    }
}
