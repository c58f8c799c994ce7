// The files of a recorded session.

import AudioFiles

/// The folder of one session.
public struct SessionFolder: Equatable, Sendable {
    /// Path of the folder.
    public let path: String

    /// Creates the value; the folder need not exist.
    public init(path: String) {
        self.path = path
    }

    /// The audio, at the device's own rate and with its channels; channels after the eighth are in further files.
    public var audio: String { path + "/audio.flac" }
    /// The event lines.
    public var events: String { path + "/events.jsonl" }
    /// The facts of the session: source, times, model, gaps and marks.
    public var manifest: String { path + "/session.json" }

    /// The last component of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Whether a recorder is writing into it.
    public var isBeingRecorded: Bool { SessionLock.isHeld(self) }

    /// Frames of audio in a session that is still open, as far as they were passed to the kernel.
    public var framesSoFar: Int64 { FLACTail.frames(path: audio) ?? 0 }

    /// Bytes of all its files on the disk.
    public var bytes: Int64 { SessionStore.size(of: path).bytes }

    /// Path of the temporary file into which the next content of a file is written.
    static func draft(of path: String) -> String { path + ".new" }

    /// The files for this number of channels: eight in each.
    static func audioFiles(channels: Int) -> [SessionManifest.AudioFile] {
        stride(from: 1, through: channels, by: 8).map { first in
            .init(
                name: first == 1 ? "audio.flac" : "audio-\(first).flac", firstChannel: first,
                channels: min(8, channels - first + 1))
        }
    }
}
