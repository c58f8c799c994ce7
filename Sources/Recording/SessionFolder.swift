// The files of a recorded session.

/// A folder that holds one session.
public struct SessionFolder: Equatable, Sendable {
    /// Path of the folder.
    public let path: String

    /// Names a folder, which need not exist.
    public init(path: String) {
        self.path = path
    }

    /// The sound, at the device's own rate and channels.
    public var audio: String { path + "/audio.flac" }
    /// The event lines as they were sent.
    public var events: String { path + "/events.jsonl" }
    /// What was recorded, when, with what; gaps and marks.
    public var manifest: String { path + "/session.json" }
}
