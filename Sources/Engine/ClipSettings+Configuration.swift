// Converts the configuration's settings for tags to the settings of the clip model.

import Configuration
import Models
import PublishedModels

extension ClipSettings {
    /// Loads the clip model of the configuration. Returns nil when tags are disabled, or when no model is named and
    /// the bundled model is not installed. Throws when a named model cannot be used.
    static func load(_ settings: TagSettings) throws(EngineError) -> ClipSettings? {
        guard settings.enabled, let path = settings.modelPath ?? BundledFile.clipModel.path else { return nil }
        do throws(ModelError) {
            return try ClipSettings(
                try ClipModelFile(contentsOf: path, among: .all), window: settings.window.map(TagSettings.patches),
                form: settings.isSliding ? .sliding : .running, interval: TagSettings.patches(settings.interval))
        } catch {
            throw .model(error)
        }
    }
}
