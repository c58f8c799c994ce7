// The result of the clip model for a window of the audio, from a `tags` line.

import Events

/// The instruments of one window, with the position at which each was detected.
public struct TagWindow: Equatable, Sendable {
    /// One instrument.
    public struct Tag: Equatable, Sendable {
        /// Its class.
        public var instrument: String
        /// Its family.
        public var family: String
        /// 0 to 1.
        public var probability: Double
        /// The position of the highest attention; nil where the line has none.
        public var attention: Attention?
    }

    /// A position in time and frequency.
    public struct Attention: Equatable, Sendable {
        /// Time of the largest weight, in seconds.
        public var time: Double
        /// Lowest frequency, in Hz.
        public var low: Double
        /// Highest frequency, in Hz.
        public var high: Double
    }

    /// Time at which it was emitted, in seconds.
    public var time: Double
    /// Beginning of the window, in seconds.
    public var start: Double
    /// End of the window, in seconds.
    public var end: Double
    /// The instruments.
    public var tags: [Tag]

    /// Creates the window of a line at `seconds`; `shift` is added to the times in the line.
    init(_ content: Tags, at seconds: Double, shift: Double) {
        time = seconds
        start = content.start + shift
        end = content.end + shift
        tags = content.tags.map { tag in
            Tag(
                instrument: tag.instrument, family: tag.family, probability: Double(tag.probability),
                attention: tag.attention.map { Attention(time: $0.time + shift, low: $0.low, high: $0.high) })
        }
    }
}
