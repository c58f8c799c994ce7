// All settings of the daemon, typed and validated.

/// The daemon's settings. `docs/configuration.md` and `configs/timbred.conf` describe each key.
public struct Settings: Equatable, Sendable {
    /// The sources; at least one.
    public var streams = [StreamSettings()]
    /// Path of the model file; `nil` for the bundled one.
    public var modelPath: String?
    /// The precision of its convolutions.
    public var precision = PrecisionSetting.auto
    /// The socket.
    public var socket = SocketSettings()
    /// The settings for tags.
    public var tags = TagSettings()
    /// The settings for the conversion of activities to events.
    public var events = EventSettings()
    /// The settings for recording.
    public var record = RecordSettings()
    /// SCHED_FIFO priority of the capture thread, 1...99; 0 for the ordinary scheduler.
    public var realtimePriority = 10
    /// The lowest priority of the messages that are logged.
    public var logLevel = LogLevel.info

    /// The defaults: the system's default microphone, the bundled model, the system's socket.
    public init() {}
}

/// Priority of log messages, the highest first.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    /// A function does not work.
    case error
    /// A problem is possible or was worked around.
    case warning
    /// An ordinary event.
    case info
    /// Details for diagnosis.
    case debug

    /// A higher priority is smaller.
    public static func < (a: LogLevel, b: LogLevel) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
}

extension Settings {
    /// Messages about settings that cannot have their full effect; usually none.
    public var notes: [String] {
        guard record.folder != nil, record.before > 0 else { return [] }
        // A device's number of channels is not known before it is opened; two is assumed.
        let rate = streams.compactMap(\.rate).max() ?? 48_000
        let bytes = Double(rate * 2 * 4 * streams.count)
        let held = Double(RecordSettings.preRollBytes) / bytes
        guard held < record.before else { return [] }
        return [
            "before_seconds = \(SettingKey<Settings>.plain(record.before)): the \(RecordSettings.preRollBytes >> 20) MiB "
                + "buffer of recording contains at most \(Int(held)) s of \(streams.count) "
                + "\(streams.count == 1 ? "stereo source" : "stereo sources") at \(rate) Hz"
        ]
    }
}
