// Where the configuration's wishes for tags meet the clip model.

import Configuration
import Models

extension ClipSettings {
    /// Loads the clip model that the configuration wants; nil when it wants none, or the bundled one and that did not
    /// come with the program. A model that is named and cannot be used is refused.
    static func load(_ wishes: TagSettings) throws(EngineError) -> ClipSettings? {
        guard wishes.enabled, let path = wishes.modelPath ?? BundledFile.clipModel.path else { return nil }
        do throws(ModelError) {
            return try ClipSettings(
                try ClipModelFile(contentsOf: path), window: wishes.window.map(TagSettings.patches),
                form: wishes.form == .running ? .running : .sliding, interval: TagSettings.patches(wishes.interval))
        } catch {
            throw .model(error)
        }
    }
}
