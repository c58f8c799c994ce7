// All settings of the daemon, typed and valid.

/// The daemon's settings. `docs/configuration.md` and `configs/timbred.conf` describe each key.
public struct Settings: Equatable, Sendable {
    /// What to listen to; at least one.
    public var streams = [StreamSettings()]
    /// Path of the model file; `nil` for the one that comes with the program.
    public var modelPath: String?
    /// The socket.
    public var socket = SocketSettings()
    /// Whether and how clips are tagged.
    public var tags = TagSettings()
    /// How activities become events.
    public var events = EventSettings()
    /// What is recorded.
    public var record = RecordSettings()
    /// SCHED_FIFO priority of the capture thread, 1...99; 0 leaves the ordinary scheduler.
    public var realtimePriority = 10
    /// The least important messages that are still logged.
    public var logLevel = LogLevel.info

    /// The defaults: the system's default microphone, the bundled model, the system's socket.
    public init() {}
}

/// Importance of log messages, the most important first.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// Something does not work.
    case error
    /// Something may go wrong or was worked around.
    case warning
    /// What happened.
    case info
    /// Details for those who look for a fault.
    case debug

    /// More important is smaller.
    public static func < (a: LogLevel, b: LogLevel) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
}

extension Settings {
    /// Sentences about settings that will not do all that they say; none for most.
    public var notes: [String] {
        guard record.folder != nil, record.before > 0 else { return [] }
        // A device's channels are not known before it is opened: most have two.
        let rate = streams.compactMap(\.rate).max() ?? 48_000
        let bytes = Double(rate * 2 * 4 * streams.count)
        let held = Double(RecordSettings.preRollBytes) / bytes
        guard held < record.before else { return [] }
        return [
            "before_seconds = \(SettingKey<Settings>.plain(record.before)): the \(RecordSettings.preRollBytes >> 20) MiB that "
                + "recording may use for it hold \(Int(held)) s of \(streams.count) "
                + "\(streams.count == 1 ? "stereo source" : "stereo sources") at \(rate) Hz; no more are kept"
        ]
    }
}
