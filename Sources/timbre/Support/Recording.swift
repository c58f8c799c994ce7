// Plays a recording through the recognizer; all verbs use this type.

import AudioCore
import AudioInput
import CommandLine
import Configuration
import Engine
import Events
import Glibc
import System

/// A recording with its settings and model.
struct Recording {
    private let replay: Replay

    /// Hash of the model.
    var model: String { replay.hello.model?.sha256 ?? "" }

    /// Prepares a recording.
    ///
    /// - Parameters:
    ///   - file: a path, or "-" for raw PCM on standard input.
    ///   - arguments: `--config`, `--model` and `--channels` where the verb has them.
    ///   - activityRate: activity lines per second; nil for the configured rate.
    ///   - realtime: whether it is played at its own speed.
    init(_ file: String, _ arguments: Arguments, activityRate: Double?, realtime: Bool) throws(Failure) {
        let isStandardInput = file == "-" || file.hasPrefix("stdin:")
        var file = file
        if !isStandardInput, access(file, R_OK) != 0 {
            // A file of this name has priority; otherwise the name may be that of a source.
            let missing = Failure("\(file): \(SystemError.last)", .noInput)
            guard let source = try? SourceSpecification(file), file.hasPrefix(source.backend.scheme + ":") else {
                throw missing
            }
            guard source.isReplay else {
                throw Failure(
                    "\(file) is a live source; use timbred, 'timbre record' or 'timbre run source' for it, or name a file, "
                        + "'-' or stdin:", .usage)
            }
            file = source.detail
            if access(file, R_OK) != 0 { throw Failure("\(file): \(SystemError.last)", .noInput) }
        }
        var settings = try Settings(reading: arguments.text("config"))
        settings.streams = [
            StreamSettings(
                source: isStandardInput ? file : "file:\(file)", channels: try Self.channels(arguments.text("channels"))
            )
        ]
        if let activityRate { settings.events.activityRate = activityRate }
        let model = try BundledFile.model.replaced(by: arguments.text("model") ?? settings.modelPath)
        do throws(EngineError) {
            replay = try Replay(settings, modelPath: model, realtime: realtime)
        } catch {
            throw Failure(error.description, error.code)
        }
    }

    /// Plays to the end, or until `isCancelled`; see `Replay.run`.
    func play(
        isCancelled: () -> Bool, progress: (Double) -> Void, emit: (Event) -> Void
    ) throws(Failure) {
        do {
            try replay.run(isCancelled: isCancelled, progress: progress, emit: emit)
        } catch {
            throw Failure("\(error)", .data)
        }
    }

    /// Returns the channels that `--channels` names; nil means the mix of all channels.
    static func channels(_ text: String?) throws(Failure) -> ChannelSelection {
        guard let channels = ChannelSelection(text ?? "mix") else {
            throw Failure(
                "--channels requires mix, each or a channel from 1 to \(ChannelSelection.limit), not '\(text ?? "")'",
                .usage)
        }
        return channels
    }
}

extension EngineError {
    /// The exit status of the error.
    var code: ExitCode {
        switch self {
        case .model(let error): error.code
        case .settings: .configuration
        case .source: .noInput
        case .thread: .unavailable
        }
    }
}
