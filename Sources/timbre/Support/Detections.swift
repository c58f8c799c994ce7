// The events of a session, of a saved stream of events, or of an audio file, which is replayed first.

import Annotations
import AudioInput
import CommandLine
import Events
import Glibc
import Recording
import System

/// The events of one piece of audio, from any source.
struct Detections {
    /// The events.
    private(set) var log: EventLog
    /// Seconds of the audio; the time of the last event where the length is unknown.
    let duration: Double
    /// The title: the name of the folder, or of the file without its suffix.
    let title: String
    /// Program and version that produced the events.
    let software: String
    /// The files of the audio, where it is available, with their channels, counted from 1; FLAC holds eight.
    let audioFiles: [(path: String, channels: Range<Int>)]
    /// The start time of a session.
    let began: WallTime?
    /// The activities of every stream at every hop, where a replay keeps them.
    private var tables: [String: ActivityTable] = [:]
    /// Whether a replay kept the activities of every hop.
    private var isHeardAtEveryHop = false

    /// Reads an input; replays it when it is audio.
    ///
    /// - Parameters:
    ///   - path: a session's folder, a file whose name ends in .jsonl or .json, or audio.
    ///   - arguments: `--model`, `--config`, `--channels` and `--quiet`, which a replay uses.
    ///   - activityRate: activity lines per second of a replay; with 0, no activity is stored.
    ///   - everyHop: whether a replay stores the activities of every hop unchanged, without the rounding of lines.
    init(_ path: String, _ arguments: Arguments, activityRate: Double, everyHop: Bool = false) throws(Failure) {
        var facts = stat()
        guard stat(path, &facts) == 0 else {
            throw Failure("\(path): \(SystemError.last)", .noInput)
        }
        let keepsActivity = activityRate > 0
        var duration: Double?
        var software: String?
        if facts.st_mode & S_IFMT == S_IFDIR {
            let folder = SessionFolder(path: path)
            let manifest = try Self.manifest(of: folder)
            duration = manifest.duration
            software = manifest.software
            began = manifest.start
            audioFiles = manifest.files.map {
                ("\(path)/\($0.name)", $0.firstChannel..<$0.firstChannel + max(1, $0.channels))
            }
            log = EventLog(keepsActivity: keepsActivity) { position in
                manifest.audioFrame(of: position.time.frame, stream: position.stream).map {
                    Double($0) / Double(max(1, manifest.rate))
                }
            }
            try Self.read(folder.events, into: &log)
        } else {
            began = nil
            log = EventLog(keepsActivity: keepsActivity)
            if path.hasSuffix(".jsonl") || path.hasSuffix(".json") {
                audioFiles = []
                try Self.read(path, into: &log)
            } else {
                audioFiles = [(path, 1..<2)]
                duration = SourceSpecification.file(path: path).duration
                tables = try Self.replay(path, arguments, activityRate, everyHop: everyHop, into: &log)
                isHeardAtEveryHop = everyHop
            }
        }
        Output.complain(log.notices, about: path)
        self.duration = duration ?? log.end
        self.software = software ?? log.hello?.software ?? "timbred"
        title = facts.st_mode & S_IFMT == S_IFDIR ? Self.title(ofFolder: path) : Self.title(of: path)
    }

    /// Returns the stream of the given name; without a name, the only stream.
    func stream(named name: String?) throws(Failure) -> String {
        let known = log.streams.joined(separator: ", ")
        if let name {
            guard log.streams.contains(name) else {
                throw Failure("unknown stream '\(name)'; the streams are \(known)", .usage)
            }
            return name
        }
        guard log.streams.count <= 1 else {
            throw Failure("name a stream with --stream; the streams are \(known)", .usage)
        }
        return log.streams.first ?? "main"
    }

    /// Returns the activities of a stream: of every hop where audio was replayed, otherwise those of the lines.
    func activities(of stream: String) throws(Failure) -> ActivityTable {
        let table = tables[stream] ?? ActivityTable(log, stream: stream)
        // Audio that is shorter than a hop has no activities, and is no failure.
        guard !table.times.isEmpty || isHeardAtEveryHop else {
            throw Failure(
                "there are no activity lines of \(stream); 'timbre replay --activity 1000' writes all of them", .data)
        }
        return table
    }

    private static func manifest(of folder: SessionFolder) throws(Failure) -> SessionManifest {
        do throws(RecordingError) {
            return try SessionReader.manifest(of: folder)
        } catch {
            throw Failure(error.description, .data)
        }
    }

    private static func read(_ path: String, into log: inout EventLog) throws(Failure) {
        do throws(AnnotationsError) {
            if try log.read(path: path) {
                Output.complain("timbre: \(path): the last line is incomplete and is left out")
            }
        } catch {
            if case .unreadable = error { throw Failure(error.description, .noInput) }
            throw Failure(error.description, .data)
        }
        guard log.hello != nil || !log.streams.isEmpty else {
            throw Failure("\(path): the file contains no events", .data)
        }
    }

    /// A replay converts its events to lines and back, so that saved and fresh events cannot differ.
    private static func replay(
        _ path: String, _ arguments: Arguments, _ activityRate: Double, everyHop: Bool, into log: inout EventLog
    ) throws(Failure) -> [String: ActivityTable] {
        let recording = try Recording(path, arguments, activityRate: activityRate, realtime: false)
        var bar = ProgressBar(duration: SourceSpecification.file(path: path).duration, isQuiet: arguments.flag("quiet"))
        defer { bar.clear() }
        var encoder = EventEncoder()
        var refused: EventsError?
        var tables: [String: ActivityTable] = [:]
        let model = recording.model
        try recording.play {
            refused != nil
        } progress: { seconds in
            bar.show(seconds, now: SystemClock.monotonicSeconds)
        } emit: { event in
            if everyHop, case .activity(let activity) = event.body, let position = event.position {
                let table = ActivityTable(classes: activity.instruments, model: model)
                tables[position.stream, default: table].append(activity, at: position.time.seconds)
                return
            }
            do throws(EventsError) {
                try log.take(encoder.line(event, sequence: 1)[...])
            } catch {
                refused = error
            }
        }
        if let refused { throw Failure("\(path): \(refused.description)", .software) }
        return tables
    }

    /// Returns the name of a file without folder, and without the suffix of audio or of events.
    static func title(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let ending = (ClipTableReader.audioEndings + ["jsonl", "json"]).first {
            name.count > $0.count + 1 && name.lowercased().hasSuffix("." + $0)
        }
        return ending.map { String(name.dropLast($0.count + 1)) } ?? name
    }

    /// Returns the name of a folder, however the path leads to it.
    static func title(ofFolder path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real).split(separator: "/").last.map(String.init) ?? path
    }
}
