// What the clip model said about a window of the sound, as a `tags` line has it.

import Events

/// The instruments of one window, with where each was heard.
public struct TagWindow: Equatable, Sendable {
    /// One instrument.
    public struct Tag: Equatable, Sendable {
        /// Its class.
        public var instrument: String
        /// Its family.
        public var family: String
        /// 0 to 1.
        public var probability: Double
        /// Where the model looked most; nil where the line does not say.
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

    /// When it was emitted, in seconds.
    public var time: Double
    /// Where the window begins, in seconds.
    public var start: Double
    /// Where it ends.
    public var end: Double
    /// The instruments.
    public var tags: [Tag]

    /// What a line says that came at `seconds`; `shift` is added to the times in it.
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
