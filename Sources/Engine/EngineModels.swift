// The models of an engine, loaded once for any number of engines.

import Configuration
import Events
import Models
import NeuralNetwork

/// The frame model, and the clip model where there is one: loaded and validated. Engines that share them use identical
/// weights, even when the files change.
public struct EngineModels: Sendable {
    /// The frame model.
    public let file: ModelFile
    /// The clip model and its settings; nil when there are no tags.
    public let clip: ClipSettings?

    /// The precision of the frame model's convolutions.
    public let precision: Precision

    /// Loads the models of the settings; `path` is the frame model's.
    public init(_ settings: Settings, path: String) throws(EngineError) {
        precision = Precision(settings.precision)
        do throws(ModelError) {
            file = try ModelFile(contentsOf: path, precision: precision)
        } catch {
            throw .model(error)
        }
        clip = try ClipSettings.load(settings.tags)
    }
}

extension Precision {
    /// The precision that a setting means on this processor.
    init(_ setting: PrecisionSetting) {
        self =
            switch setting {
            case .auto: Self.int8IsFast ? .int8 : .full
            case .full: .full
            case .int8: .int8
            }
    }
}
