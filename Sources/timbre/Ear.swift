// A model with its settings, through which the recordings of a set are heard.

import CommandLine
import Configuration
import Engine
import Evaluation
import Events
import Models

/// What hears: a model, and how its activities become events.
struct Ear: Sendable {
    /// Path, name and hash of the model.
    let path: String, name: String, sha256: String
    /// The classes, in the order of the model.
    let classes: [String]
    /// Everything but the source.
    let settings: Settings
    /// Hash of the clip model whose tags have a say in events; nil where none has.
    let taggerSha256: String?
    /// The thresholds file, if there is one, and the recordings it was tuned on.
    let thresholds: TunedThresholds?
    let thresholdsPath: String?

    /// Reads the model and the settings that a person named; nil takes what comes with the program.
    init(model: String?, config: String?, thresholds: String?) throws(Failure) {
        var settings = try Settings(reading: config)
        path = try BundledFile.model.replaced(by: model ?? settings.modelPath)
        let file = try ModelFile(at: path)
        name = file.description.name
        sha256 = file.sha256
        classes = file.description.classes.map(\.rawValue)
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
        settings.events.activityRate = 1000
        settings.realtimePriority = 0
        // Nothing here looks at tags themselves: they matter where they have a say in events.
        let haveSay = settings.tags.supportEvents && settings.tags.enabled
        let tagger = haveSay ? settings.tags.modelPath ?? BundledFile.clipModel.path : nil
        settings.tags.enabled = tagger != nil
        do {
            taggerSha256 = try tagger.map { ModelFile.sha256(try FileContent.read($0)) }
        } catch {
            throw Failure("\(error)", .noInput)
        }
        self.settings = settings
    }

    /// Names everything on which what is heard depends, but the audio.
    var circumstances: String {
        let entries = settings.entries.filter { entry in
            ["events.", "instrument.", "tags."].contains { entry.path.hasPrefix($0) }
        }
        return "timbre \(Engine.version), model \(sha256), clip model \(taggerSha256 ?? "none"), "
            + entries.map { "\($0.path)=\($0.value)" }.joined(separator: " ")
    }

    /// Hears a recording as a stream, through the path that live audio takes.
    ///
    /// - Parameter progress: gets the seconds heard so far; answers whether to go on.
    func hear(_ audio: String, progress: (Double) -> Bool) throws -> Transcript {
        var settings = settings
        settings.streams = [StreamSettings(source: "file:\(audio)")]
        let replay = try Replay(settings, modelPath: path)
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
