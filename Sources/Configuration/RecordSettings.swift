// Which sessions are recorded, and how much of them is kept.

/// The `[record]` table.
public struct RecordSettings: Equatable, Sendable {
    /// Instruments whose sounding begins a recording.
    public enum Instruments: Equatable, Sendable {
        /// No event starts a recording.
        case none
        /// Every one does.
        case any
        /// These do; class names, whether the model knows them shows when it is loaded.
        case these([String])
    }

    /// Bytes of memory in which all sources together keep what was before a cause: half of what the shipped unit allows the
    /// daemon. Where a device's rate and channels make more of `before`, fewer seconds are kept.
    public static let preRollBytes = 256 << 20
    /// The same as it holds for one recorder; no key of the file.
    public var preRollBytes = Self.preRollBytes

    /// The folder of the sessions' folders, which must be there; `nil` for no recording at all.
    public var folder: String?
    /// Whether everything is recorded.
    public var always = false
    /// Instruments whose sounding is recorded.
    public var instruments = Instruments.none
    /// Sound as loud as this is recorded, -120...0 dBFS; `nil` for none.
    public var level: Double?
    /// Times of day that are recorded; none for none.
    public var schedule: [DaySpan] = []
    /// Seconds that are kept from before the cause, 0...300.
    public var before: Double = 10
    /// Seconds that are recorded after the last cause, 0...3600.
    public var after: Double = 10
    /// Longest part in minutes, 0.1...1440.
    public var partMinutes: Double = 60
    /// The same in seconds.
    public var part: Double { partMinutes * 60 }
    /// `activity` lines per second and stream, 0...1000.
    public var activityRate: Double = 10
    /// Most megabytes (10^6 bytes) of all sessions together; `nil` for any number.
    public var maximumMegabytes: Double?
    /// Megabytes that must stay free on the disk.
    public var minimumFreeMegabytes: Double = 1000
    /// Days after which a session is removed; `nil` keeps it.
    public var keepDays: Double?
    /// Whether the oldest sessions are removed when there is no more room; otherwise recording stops.
    public var removesOldest = false
    /// The line of the file on which `instruments` stands, for messages; 0 when it came from no file.
    public var instrumentsLine = 0

    /// The defaults: nothing is recorded.
    public init() {}

    /// Equal when they mean the same, wherever they stand in the file.
    public static func == (a: RecordSettings, b: RecordSettings) -> Bool {
        a.folder == b.folder && a.always == b.always && a.instruments == b.instruments && a.level == b.level
            && a.schedule == b.schedule && a.before == b.before && a.after == b.after
            && a.partMinutes == b.partMinutes && a.activityRate == b.activityRate
            && a.maximumMegabytes == b.maximumMegabytes && a.minimumFreeMegabytes == b.minimumFreeMegabytes
            && a.keepDays == b.keepDays && a.removesOldest == b.removesOldest
    }
}
