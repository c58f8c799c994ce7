// One source and the division of its channels into streams.

import AudioCore

/// A `[[stream]]` table: the source and the name of its events.
public struct StreamSettings: Equatable, Sendable {
    /// The name in events: letters, digits, `_`, `-`; at most 32.
    public var name: String
    /// The source in the form of `timbre devices`: `alsa:default`, `pulse:NAME`, `jack:CLIENT`, `file:PATH`, `stdin`,
    /// `tone:440`.
    public var source: String
    /// The selected channels; with `each` the streams are named `name.1`, `name.2`, and so on.
    public var channels: ChannelSelection
    /// The sample rate to request from the device, 8000...384000 Hz; `nil` requests the model's rate.
    public var rate: Int?
    /// The line of the file on which the stream begins, for messages; 0 when it does not come from a file.
    public var line: Int
    /// The line of the source, likewise; that of the stream where it has none.
    public var sourceLine: Int

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
        sourceLine = line
    }

    /// Equal when the values are equal, regardless of the positions in the file.
    public static func == (a: StreamSettings, b: StreamSettings) -> Bool {
        a.name == b.name && a.source == b.source && a.channels == b.channels && a.rate == b.rate
    }
}
