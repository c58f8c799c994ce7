// What the last seconds held, as a whole.

/// The tags of a window: how probable it is that each instrument sounds somewhere in it, and where it was heard.
public struct Tags: Equatable, Sendable {
    /// Where the model listened for an instrument most.
    public struct Attention: Equatable, Sendable {
        /// The middle of that moment, in seconds of the stream.
        public var time: Double
        /// The band, in hertz.
        public var low: Double
        /// Its upper edge, in hertz.
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
        /// Where it was heard; only with instruments whose probability reaches the model's threshold.
        public var attention: Attention?

        /// Creates an entry.
        public init(instrument: String, family: String, probability: Float, attention: Attention?) {
            self.instrument = instrument
            self.family = family
            self.probability = probability
            self.attention = attention
        }
    }

    /// Begin of the window, in seconds of the stream.
    public var start: Double
    /// Its end.
    public var end: Double
    /// Every class of the clip model, in its order.
    public var tags: [Tag]

    /// Creates the event's content.
    public init(start: Double, end: Double, tags: [Tag]) {
        self.start = start
        self.end = end
        self.tags = tags
    }
}
