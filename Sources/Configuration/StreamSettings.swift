// One source and how its channels become streams.

import AudioCore

/// A `[[stream]]` table: where to listen and under which name the events go out.
public struct StreamSettings: Equatable, Sendable {
    /// The name in events: letters, digits, `_`, `-`; at most 32.
    public var name: String
    /// The source as `timbre devices` shows it: `alsa:default`, `pulse:NAME`, `jack:CLIENT`, `file:PATH`, `stdin`, `tone:440`.
    public var source: String
    /// Which channels; with `each` the streams are named `name.1`, `name.2`, and so on.
    public var channels: ChannelSelection
    /// The sample rate to ask the device for, 8000...384000 Hz; `nil` takes the device's own.
    public var rate: Int?
    /// The line of the file on which the stream begins, for messages; 0 when it came from no file.
    public var line: Int

    /// Creates a stream; the defaults are those of the file.
    public init(
        name: String = "main", source: String = "alsa:default", channels: ChannelSelection = .mix, rate: Int? = nil,
        line: Int = 0
    ) {
        self.name = name
        self.source = source
        self.channels = channels
        self.rate = rate
        self.line = line
    }

    /// Equal when they mean the same, wherever they stand in the file.
    public static func == (a: StreamSettings, b: StreamSettings) -> Bool {
        a.name == b.name && a.source == b.source && a.channels == b.channels && a.rate == b.rate
    }
}
