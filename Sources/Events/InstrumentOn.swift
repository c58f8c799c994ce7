// The content of an `on` event.

/// An instrument went on.
public struct InstrumentOn: Equatable, Sendable {
    /// Its class.
    public var instrument: String
    /// Its family.
    public var family: String
    /// The smoothed activity at the time of the decision, 0...1.
    public var confidence: Float
    /// The estimated time at which the sound began, in seconds of the stream, at most the time of the event; nil where
    /// there is no estimate.
    public var onset: Double?

    /// Creates the event's content.
    public init(instrument: String, family: String, confidence: Float, onset: Double? = nil) {
        self.instrument = instrument
        self.family = family
        self.confidence = confidence
        self.onset = onset
    }
}
