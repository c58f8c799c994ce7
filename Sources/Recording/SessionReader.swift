// Reads a recorded session: its facts and its events.

import Events
import Glibc

/// A session on disk, closed or still open. All its times are in seconds of the session's audio.
public struct SessionReader: Sendable {
    /// The largest `session.json` and `events.jsonl` that are read: 64 MiB and 1 GiB.
    static let manifestLimit = 64 << 20
    static let eventsLimit = 1 << 30

    /// The folder of the session.
    public let folder: SessionFolder
    /// Its facts.
    public let manifest: SessionManifest
    /// Its lines, of which the first are `hello` and `snapshot`; a truncated last line is omitted.
    public let events: [NumberedEvent]

    /// Reads a session. A session that is open, because it is being recorded or because its recorder died, is read as
    /// far as it is complete. Throws for unreadable data, with file and line, member or byte.
    public init(folder: SessionFolder) throws(RecordingError) {
        self.folder = folder
        manifest = try Self.manifest(of: folder)
        let bytes = try contents(of: folder.events, limit: Self.eventsLimit)
        events = try SessionEvents(bytes: bytes, path: folder.events).lines
    }

    /// Reads only the facts, for a list of sessions.
    public static func manifest(of folder: SessionFolder) throws(RecordingError) -> SessionManifest {
        let bytes = try contents(of: folder.manifest, limit: manifestLimit)
        return try SessionManifest(json: bytes, path: folder.manifest)
    }

    /// The audio files with the source's channels in each: `audio.flac` has the first eight.
    public var audioPaths: [String] { manifest.files.map { "\(folder.path)/\($0.name)" } }

    /// The end of the session, in seconds: the end of the audio, or of the last event while the session is open.
    public var duration: Double {
        manifest.duration ?? events.lazy.compactMap { manifest.seconds(of: $0.event) }.max() ?? 0
    }
}
