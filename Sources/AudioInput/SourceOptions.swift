// What is asked of a source beyond its name.

/// Wishes for a source. A device comes as near to them as it can; files and pipes have their own format.
public struct SourceOptions: Equatable, Sendable {
    /// Preferred rate in hertz; a device that has it needs no resampling.
    public var sampleRate: Int
    /// Channels to ask a device for, or nil for all it has.
    public var channels: Int?
    /// Whether a file is played at the speed of a device instead of as fast as possible.
    public var realtime: Bool

    /// Creates wishes.
    public init(sampleRate: Int = 44_100, channels: Int? = nil, realtime: Bool = false) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.realtime = realtime
    }
}
