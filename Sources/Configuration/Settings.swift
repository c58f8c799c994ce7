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
