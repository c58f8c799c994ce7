// Where the configuration's settings for tags meet the clip model.

import Configuration
import Models
import PublishedModels

extension ClipSettings {
    /// Loads the clip model that the configuration wants; nil when it wants none, or the bundled one and that did not
    /// come with the program. A model that is named and cannot be used is refused.
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
