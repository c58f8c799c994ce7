// What is recorded, when and where.

/// The settings of a recorder.
public struct RecordingSettings: Equatable, Sendable {
    /// The folder that the sessions' folders are made in. It must be there: a recorder does not make it, so that a disk that
    /// is not mounted is not mistaken for an empty one.
    public var folder: String
    /// What begins a recording.
    public var trigger = TriggerSettings()
    /// Seconds before the cause that are kept, from memory; 0...300.
    public var before = 10.0
    /// Seconds after the last cause; 0...3600.
    public var after = 10.0
    /// Longest part in seconds; a longer recording goes on in another session.
    public var part = 3600.0
    /// `activity` lines per second and stream.
    public var activityRate = 10.0
    /// How much may be kept, and how long.
    public var retention = Retention()

    /// The defaults, in a folder.
    public init(folder: String) {
        self.folder = folder
    }
}
