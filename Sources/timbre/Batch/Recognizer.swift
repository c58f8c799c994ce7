// A model with its settings, for the recordings of a set.

import CommandLine
import Configuration
import Engine
import Evaluation
import Events
import Models

/// A model, and the settings that convert its activities to events.
struct Recognizer: Sendable {
    /// Name and hash of the model.
    let name: String, sha256: String
    /// The classes, in the order of the model.
    let classes: [String]
    /// All settings except the source.
    let settings: Settings
    /// Loaded once, so that all recordings of a run are processed with the same weights, which match the hash.
    let models: EngineModels
    /// Hash of the clip model whose tags influence events; nil where none does.
    let taggerSha256: String?
    /// The thresholds file, if there is one, with the recordings on which it was tuned.
    let thresholds: TunedThresholds?
    let thresholdsPath: String?

    /// A rate of activity lines per second that includes every hop.
    static let everyHop = 1000.0

    /// Reads the model and the settings that the user named; nil uses the bundled ones.
    ///
    /// - Parameter keepsTags: whether tags are needed as results, and not only where they influence events.
    init(model: String?, config: String?, thresholds: String?, keepsTags: Bool = false) throws(Failure) {
        var settings = try Settings(reading: config)
        let path = try BundledFile.model.replaced(by: model ?? settings.modelPath)
        settings.tags.enabled = settings.tags.enabled && (keepsTags || settings.tags.supportEvents)
        do throws(EngineError) {
            models = try EngineModels(settings, path: path)
        } catch {
            throw Failure(error.description, error.code)
        }
        let file = models.file
        name = file.description.name
        sha256 = file.sha256
        classes = file.description.classes.map(\.rawValue)
        taggerSha256 = models.clip?.file.sha256
        settings.tags.enabled = taggerSha256 != nil
        thresholdsPath = thresholds
        do {
            if let thresholds {
                // The command line overrides the configuration.
                let configured = settings.events.overrides
                settings.events.overrides = try Settings.thresholds(file: thresholds)
                settings.events.add(configured)
                self.thresholds = TunedThresholds(try FileContent.read(thresholds))
            } else {
                self.thresholds = nil
            }
            try settings.check(classes: classes, file: config ?? "")
        } catch {
            throw Failure("\(error)", .configuration)
        }
        // Every frame gets its activity, and several recordings share the processor.
        settings.events.activityRate = Self.everyHop
        settings.realtimePriority = 0
        self.settings = settings
    }

    /// Identifies all inputs of the results except the audio: the program's code and constants, the models, the
    /// settings. The revision of the source is not included, so that a change of a document does not invalidate stored
    /// results.
    var cacheKey: String {
        let entries = settings.entries.filter { entry in
            ["events.", "instrument.", "tags."].contains { entry.path.hasPrefix($0) }
        }
        return
            "timbre \(Engine.version), code \(BuildIdentity.code), model \(sha256) \(models.precision), clip model \(taggerSha256 ?? "none"), "
            + entries.map { "\($0.path)=\($0.value)" }.joined(separator: " ")
    }

    /// Processes a recording as a stream, through the same path as live audio.
    ///
    /// - Parameter progress: receives the seconds processed so far; returns whether to continue.
    func hear(_ audio: String, progress: (Double) -> Bool) throws -> Transcript {
        var settings = settings
        settings.streams = [StreamSettings(source: "file:\(audio)")]
        let replay = try Replay(settings, models)
        let hello = replay.hello
        var collector = TranscriptCollector(classes: classes, hop: hello.hop, rate: hello.rate)
        var goesOn = true
        try replay.run {
            !goesOn
        } progress: { seconds in
            goesOn = progress(seconds)
        } emit: { event in
            collector.take(event)
        }
        return collector.heard
    }
}
