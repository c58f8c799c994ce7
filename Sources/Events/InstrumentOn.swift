// An instrument begins.

/// An instrument came on.
public struct InstrumentOn: Equatable, Sendable {
    /// Its class.
    public var instrument: String
    /// Its family.
    public var family: String
    /// The smoothed activity at the moment of the decision, 0...1.
    public var confidence: Float

    /// Creates the event's content.
    public init(instrument: String, family: String, confidence: Float) {
        self.instrument = instrument
        self.family = family
        self.confidence = confidence
    }
}
