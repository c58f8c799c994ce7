// The files of a recorded session.

import AudioFiles

/// A folder that holds one session.
public struct SessionFolder: Equatable, Sendable {
    /// Path of the folder.
    public let path: String

    /// Names a folder, which need not exist.
    public init(path: String) {
        self.path = path
    }

    /// The sound, at the device's own rate and channels; further channels than eight are in files beside it.
    public var audio: String { path + "/audio.flac" }
    /// The event lines as they were sent.
    public var events: String { path + "/events.jsonl" }
    /// What was recorded, when, with what; gaps and marks.
    public var manifest: String { path + "/session.json" }

    /// The last part of the path.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Whether a recorder writes into it now.
    public var isBeingRecorded: Bool { SessionLock.isHeld(self) }

    /// Frames of sound in a session that is still open, as far as they are with the kernel.
    public var framesSoFar: Int64 { FLACTail.frames(path: audio) ?? 0 }

    /// Bytes of all its files on the disk.
    public var bytes: Int64 { SessionStore.size(of: path).bytes }

    /// Where the next content of a file is written until it is complete.
    static func draft(of path: String) -> String { path + ".new" }

    /// The files that hold so many channels: eight in each.
    static func audioFiles(channels: Int) -> [SessionManifest.AudioFile] {
        stride(from: 1, through: channels, by: 8).map { first in
            .init(
                name: first == 1 ? "audio.flac" : "audio-\(first).flac", firstChannel: first,
                channels: min(8, channels - first + 1))
        }
    }
}
