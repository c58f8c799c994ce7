// The work of `timbre annotate` for one recording.

import Annotations
import AudioCore
import AudioFiles
import CommandLine
import Configuration
import Digests
import Engine
import Events
import Glibc
import Models
import System
import WholeFiles

/// Processes recordings and writes the results. One value serves all recordings of a batch and is shared by its
/// threads.
struct AnnotationJob: Sendable {
    /// A recording with results.
    struct Annotated: Sendable {
        let summary: RecordingSummary
        /// Whether an earlier run wrote them.
        let isKept: Bool
    }

    /// The recognizer of all recordings.
    let recognizer: Recognizer
    /// The selected channels.
    let channels: ChannelSelection
    /// The formats of the results.
    let formats: [ResultFormat]
    /// The folder of the results.
    let folder: String
    /// Whether existing results are kept.
    let resumes: Bool

    /// The longest name of a file, in bytes.
    private static let longestName = 255

    /// All inputs that determine the results, except the audio.
    var cacheKey: String { "\(recognizer.cacheKey), channels \(channels)" }

    /// Returns the path of a result of a recording.
    func path(_ name: String, _ ending: String) -> String { "\(folder)/\(name)\(ending)" }

    /// Annotates a recording: each result is written completely or not at all, and the summary is written last.
    ///
    /// - Parameter progress: receives the seconds processed so far; returns whether to continue.
    /// - Returns: nil when the work was cancelled.
    func annotate(_ item: AudioList.Item, progress: (Double) -> Bool) throws(Failure) -> Annotated? {
        try refuse(tooLong: item.name)
        var facts = stat()
        guard stat(item.path, &facts) == 0 else {
            throw Failure("\(item.path): \(SystemError.last)", .noInput)
        }
        if resumes, let kept = kept(item, audio: facts) { return Annotated(summary: kept, isKept: true) }
        do throws(Failure) {
            return try analyse(item, audio: facts, progress)
        } catch {
            // Results of an earlier run would be taken for those of the audio that failed.
            unlink(path(item.name, RecordingSummary.ending))
            throw error
        }
    }

    /// Refuses a recording whose results would have a name that no file can have, before it is analysed.
    private func refuse(tooLong name: String) throws(Failure) {
        let ending = (formats.map(\.ending) + [RecordingSummary.ending]).max { $0.utf8.count < $1.utf8.count } ?? ""
        for part in (name + ending).utf8.split(separator: UInt8(ascii: "/")) where part.count > Self.longestName {
            throw Failure(
                "\(name)\(ending): a file name has at most \(Self.longestName) bytes, and this result would have "
                    + "\(part.count): set a shorter name in a manifest", .data)
        }
    }

    private func analyse(
        _ item: AudioList.Item, audio facts: stat, _ progress: (Double) -> Bool
    ) throws(Failure) -> Annotated? {
        let duration: Double?
        do throws(AudioFileError) {
            duration = try AudioFileReader(path: item.path).duration
        } catch {
            throw Failure(error.description, .data)
        }
        let sha256: String
        do throws(FileFailure) {
            sha256 = try Digest.sha256(ofFile: item.path)
        } catch {
            throw Failure("\(item.path): \(error.reason)", .noInput)
        }
        guard let (heard, stream) = try hear(item.path, progress) else { return nil }
        let summary = RecordingSummary(
            name: item.name, bytes: Int(facts.st_size), sha256: sha256,
            duration: duration ?? heard.log.end, cacheKey: cacheKey,
            results: formats.map(\.ending), log: heard.log, stream: stream)
        try write(heard, stream, summary)
        return Annotated(summary: summary, isKept: false)
    }

    /// Returns the results of an earlier run for a recording; nil when a file is missing or older than the audio, or
    /// when the audio or the settings differ.
    private func kept(_ item: AudioList.Item, audio: stat) -> RecordingSummary? {
        let path = path(item.name, RecordingSummary.ending)
        var facts = stat()
        guard stat(path, &facts) == 0,
            (facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec) >= (audio.st_mtim.tv_sec, audio.st_mtim.tv_nsec),
            let bytes = try? WholeFile.read(path, limit: 1 << 28), let summary = RecordingSummary(json: bytes),
            summary.bytes == Int(audio.st_size), summary.cacheKey == cacheKey, summary.name == item.name,
            formats.allSatisfy({
                summary.results.contains($0.ending) && access(self.path(item.name, $0.ending), R_OK) == 0
            }), (try? Digest.sha256(ofFile: item.path)) == summary.sha256
        else { return nil }
        return summary
    }

    private func hear(
        _ path: String, _ progress: (Double) -> Bool
    ) throws(Failure) -> (heard: HeardFile, stream: String)? {
        var settings = recognizer.settings
        settings.streams = [StreamSettings(source: "file:\(path)", channels: channels)]
        let wantsActivities = formats.contains { if case .activities = $0 { true } else { false } }
        settings.events.activityRate = wantsActivities ? Recognizer.everyHop : 0
        let replay: Replay
        do throws(EngineError) {
            replay = try Replay(settings, recognizer.models)
        } catch {
            throw Failure(error.description, error.code)
        }
        var heard = HeardFile(replay.hello, for: formats)
        var goesOn = true
        var refused: EventsError?
        do {
            try replay.run {
                !goesOn || refused != nil
            } progress: { seconds in
                goesOn = progress(seconds)
            } emit: { event in
                guard refused == nil else { return }
                do throws(EventsError) {
                    try heard.take(event)
                } catch {
                    refused = error
                }
            }
        } catch {
            // The message already contains the file name.
            throw Failure("\(error)", .data)
        }
        if let refused { throw Failure("\(path): \(refused)", .software) }
        return goesOn ? (heard, heard.log.streams.first ?? "main") : nil
    }

    private func write(_ heard: HeardFile, _ stream: String, _ summary: RecordingSummary) throws(Failure) {
        let target = path(summary.name, "")
        do throws(FileFailure) {
            if let slash = target.lastIndex(of: "/") { try Folder.make(String(target[..<slash])) }
        } catch {
            throw Failure("\(error.path): the folder cannot be created: \(error.reason)", .io)
        }
        // From here on, until the new summary is there, the results may be those of two settings.
        unlink(target + RecordingSummary.ending)
        let subject = ExportFormat.Subject(title: Detections.title(of: summary.name), software: summary.software)
        let set = heard.log.annotations(of: stream, until: summary.duration)
        for format in formats {
            let bytes: [UInt8]?
            switch format {
            case .annotations(let format): bytes = format.encode(set, about: subject)
            case .activities(let format): bytes = heard.activities.flatMap(format.encode)
            case .events: bytes = heard.lines
            }
            guard let bytes else {
                throw Failure("\(summary.name): its activities exceed the limit of npz, 4 GiB", .data)
            }
            try Output.file(bytes, to: target + format.ending)
        }
        try Output.file(summary.json, to: target + RecordingSummary.ending)
    }
}
