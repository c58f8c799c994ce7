// The content of an `off` event.

/// An instrument went off. Every `on` is followed by exactly one `off`.
public struct InstrumentOff: Equatable, Sendable {
    /// Its class.
    public var instrument: String
    /// Its family.
    public var family: String
    /// Mean of the smoothed activity over the time for which the instrument was on, 0...1.
    public var confidence: Float
    /// Seconds from its `on` to this event.
    public var duration: Double
    /// The estimated time at which the sound ended, in seconds of the stream, at most the time of the event; nil where
    /// there is no estimate.
    public var offset: Double?

    /// Creates the event's content.
    public init(instrument: String, family: String, confidence: Float, duration: Double, offset: Double? = nil) {
        self.instrument = instrument
        self.family = family
        self.confidence = confidence
        self.duration = duration
        self.offset = offset
    }
}
