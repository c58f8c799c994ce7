// The settings for recording and for the retention of sessions.

/// The `[record]` table.
public struct RecordSettings: Equatable, Sendable {
    /// Instruments that start a recording.
    public enum Instruments: Equatable, Sendable {
        /// No event starts a recording.
        case none
        /// Every instrument starts a recording.
        case any
        /// These instruments start a recording; the class names are checked when the model is loaded.
        case these([String])
    }

    /// Bytes of memory for the pre-roll of all sources together: half of the memory limit of the shipped unit. Where
    /// `before` needs more at a device's rate and channels, fewer seconds are kept.
    public static let preRollBytes = 256 << 20
    /// The same value for one recorder; it has no key in the file.
    public var preRollBytes = Self.preRollBytes

    /// The folder of the sessions' folders, which must exist; `nil` disables recording.
    public var folder: String?
    /// Whether all audio is recorded.
    public var always = false
    /// Instruments that start a recording.
    public var instruments = Instruments.none
    /// A level from which audio is recorded, -120...0 dBFS; `nil` for none.
    public var level: Double?
    /// Times of day at which audio is recorded; empty for none.
    public var schedule: [DaySpan] = []
    /// Seconds before the cause that are recorded, 0...300.
    public var before: Double = 10
    /// Seconds after the last cause that are recorded, 0...3600.
    public var after: Double = 10
    /// Longest part in minutes, 0.1...1440.
    public var partMinutes: Double = 60
    /// The same value in seconds.
    public var part: Double { partMinutes * 60 }
    /// `activity` lines per second and stream, 0...1000.
    public var activityRate: Double = 10
    /// Largest total size of all sessions in megabytes (10^6 bytes); `nil` for no limit.
    public var maximumMegabytes: Double?
    /// Megabytes that must stay free on the disk.
    public var minimumFreeMegabytes: Double = 1000
    /// Days after which a session is removed; `nil` for no limit.
    public var keepDays: Double?
    /// Whether the oldest sessions are removed when there is no more room; otherwise recording stops.
    public var removesOldest = false
    /// The line of the file with `instruments`, for messages; 0 when it does not come from a file.
    public var instrumentsLine = 0

    /// Creates the defaults: nothing is recorded.
    public init() {}

    /// Equal when the values are equal, regardless of the positions in the file.
    public static func == (a: RecordSettings, b: RecordSettings) -> Bool {
        a.folder == b.folder && a.always == b.always && a.instruments == b.instruments && a.level == b.level
            && a.schedule == b.schedule && a.before == b.before && a.after == b.after
            && a.partMinutes == b.partMinutes && a.activityRate == b.activityRate
            && a.maximumMegabytes == b.maximumMegabytes && a.minimumFreeMegabytes == b.minimumFreeMegabytes
            && a.keepDays == b.keepDays && a.removesOldest == b.removesOldest
    }
}
