// A recorded session read back: its facts and its events.

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
}
