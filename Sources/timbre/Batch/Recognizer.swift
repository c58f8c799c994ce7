// A model with its settings, through which the recordings of a set are heard.

import CommandLine
import Configuration
import Engine
import Evaluation
import Events
import Models

/// What hears: a model, and how its activities become events.
struct Recognizer: Sendable {
    /// Name and hash of the model.
    let name: String, sha256: String
    /// The classes, in the order of the model.
    let classes: [String]
    /// Everything but the source.
    let settings: Settings
    /// Loaded once: what is heard later in a run is heard with the same weights, and the hash is theirs.
    let models: EngineModels
    /// Hash of the clip model whose tags have a say in events; nil where none has.
    let taggerSha256: String?
    /// The thresholds file, if there is one, and the recordings it was tuned on.
    let thresholds: TunedThresholds?
    let thresholdsPath: String?

    /// Activity lines a second that show every hop.
    static let everyHop = 1000.0

    /// Reads the model and the settings that a person named; nil takes what comes with the program.
    ///
    /// - Parameter keepsTags: whether tags are wanted for themselves, and not only where they have a say in events.
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
                // What a person names on the command line goes before what the configuration says.
                let configured = settings.events.overrides
                settings.events.overrides = try Settings.thresholds(file: thresholds)
                settings.events.add(configured)
                self.thresholds = TunedThresholds(try FileContent.read(thresholds))
            } else {
                self.thresholds = nil
            }
            try settings.check(classes: classes, file: thresholds ?? config ?? "")
        } catch {
            throw Failure("\(error)", .configuration)
        }
        // Every frame has its activity, and several recordings share the processor in peace.
        settings.events.activityRate = Self.everyHop
        settings.realtimePriority = 0
        self.settings = settings
    }

    /// Names everything on which what is heard depends, but the audio: the program's code, the models, the settings. The
    /// revision of the source is not among it, so that a change of a document does not have everything heard again.
    var cacheKey: String {
        let entries = settings.entries.filter { entry in
            ["events.", "instrument.", "tags."].contains { entry.path.hasPrefix($0) }
        }
        return
            "timbre \(Engine.version), code \(BuildIdentity.code), model \(sha256), clip model \(taggerSha256 ?? "none"), "
            + entries.map { "\($0.path)=\($0.value)" }.joined(separator: " ")
    }

    /// Hears a recording as a stream, through the path that live audio takes.
    ///
    /// - Parameter progress: gets the seconds heard so far; answers whether to go on.
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
