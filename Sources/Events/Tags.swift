// The content of a `tags` event.

/// The tags of a window: the probability that each instrument sounds somewhere in it, and where it was detected.
public struct Tags: Equatable, Sendable {
    /// The moment and frequency band to which the model's attention for an instrument was highest.
    public struct Attention: Equatable, Sendable {
        /// The middle of that moment, in seconds of the stream.
        public var time: Double
        /// Lower edge of the band, in hertz.
        public var low: Double
        /// Upper edge of the band, in hertz.
        public var high: Double

        /// Creates a position.
        public init(time: Double, low: Double, high: Double) {
            self.time = time
            self.low = low
            self.high = high
        }
    }

    /// One instrument.
    public struct Tag: Equatable, Sendable {
        /// Its class.
        public var instrument: String
        /// Its family.
        public var family: String
        /// Probability, 0...1.
        public var probability: Float
        /// Where it was detected; present only for instruments whose probability reaches the model's threshold.
        public var attention: Attention?

        /// Creates an entry.
        public init(instrument: String, family: String, probability: Float, attention: Attention?) {
            self.instrument = instrument
            self.family = family
            self.probability = probability
            self.attention = attention
        }
    }

    /// Beginning of the window, in seconds of the stream.
    public var start: Double
    /// End of the window, in seconds of the stream.
    public var end: Double
    /// One tag for each class of the clip model, in the model's order.
    public var tags: [Tag]

    /// Creates the event's content.
    public init(start: Double, end: Double, tags: [Tag]) {
        self.start = start
        self.end = end
        self.tags = tags
    }
}
