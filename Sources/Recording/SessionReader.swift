// A recorded session read back: its facts, its events, and what sounds when in its sound.

import Annotations
import Events
import Glibc

/// A session on disk, closed or still open. Every time it gives is in seconds of the session's sound.
public struct SessionReader: Sendable {
    /// The largest `session.json` and `events.jsonl` that are read: 64 MiB and 1 GiB.
    static let manifestLimit = 64 << 20
    static let eventsLimit = 1 << 30

    /// Where it lies.
    public let folder: SessionFolder
    /// Its facts.
    public let manifest: SessionManifest
    /// Its lines, the first of them `hello` and `snapshot`; a last line that was cut off is left out.
    public let events: [NumberedEvent]

    /// Reads a session. One that is open, because it is being recorded or because its recorder died, is read as far as
    /// it goes. Throws for what cannot be read, with file and line, member or byte.
    public init(folder: SessionFolder) throws(RecordingError) {
        self.folder = folder
        manifest = try Self.manifest(of: folder)
        let bytes = try contents(of: folder.events, limit: Self.eventsLimit)
        events = try SessionEvents(bytes: bytes, path: folder.events).lines
    }

    /// Only its facts: for a list of sessions.
    public static func manifest(of folder: SessionFolder) throws(RecordingError) -> SessionManifest {
        let bytes = try contents(of: folder.manifest, limit: manifestLimit)
        return try SessionManifest(json: bytes, path: folder.manifest)
    }

    /// The sound's files with the source's channels in each: `audio.flac` has the first eight.
    public var audioPaths: [String] { manifest.files.map { "\(folder.path)/\($0.name)" } }

    /// The end of what is known, in seconds: that of the sound, or of the last event while the session is open.
    public var duration: Double {
        manifest.duration ?? events.lazy.compactMap { manifest.seconds(of: $0.event) }.max() ?? 0
    }

    /// What sounds when in one stream, with the marks. Instruments that were on when the session began start at 0;
    /// those that are on when it ends, end with it.
    public func annotations(stream: String) -> AnnotationSet {
        let end = max(0, duration)
        var open: [(instrument: String, start: Double, confidence: Double)] = []
        var annotations: [Annotation] = []
        var marks: [AnnotationSet.Mark] = []
        func close(_ instrument: String, at time: Double, confidence: Double?) {
            guard let index = open.firstIndex(where: { $0.instrument == instrument }) else { return }
            let begun = open.remove(at: index)
            annotations.append(
                Annotation(
                    start: begun.start, end: max(begun.start, time), instrument: instrument,
                    confidence: confidence ?? begun.confidence))
        }
        var hasBegun = false
        for event in events.lazy.map(\.event) {
            if case .snapshot(let snapshot) = event.body, !hasBegun {
                hasBegun = true
                for active in snapshot.active where active.stream == stream {
                    open.append((active.instrument, 0, Double(active.confidence)))
                }
            }
            guard event.place?.stream == stream, let seconds = manifest.seconds(of: event) else { continue }
            let time = min(end, max(0, seconds))
            switch event.body {
            case .on(let on): open.append((on.instrument, time, Double(on.confidence)))
            case .off(let off): close(off.instrument, at: time, confidence: Double(off.confidence))
            case .mark(let text): marks.append(.init(time: time, text: text))
            default: break
            }
        }
        for begun in open { close(begun.instrument, at: end, confidence: nil) }
        return AnnotationSet(annotations, marks: marks, duration: end)
    }
}
