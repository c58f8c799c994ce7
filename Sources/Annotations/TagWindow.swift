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

    /// A place in time and frequency.
    public struct Attention: Equatable, Sendable {
        /// Seconds.
        public var time: Double
        /// Lowest frequency, in Hz.
        public var low: Double
        /// Highest frequency, in Hz.
        public var high: Double
    }

    /// When it was said, in seconds.
    public var time: Double
    /// Where the window begins, in seconds.
    public var start: Double
    /// Where it ends.
    public var end: Double
    /// The instruments.
    public var tags: [Tag]

    /// Reads the fields of a line; nil where they are not there. `shift` is added to every time.
    init?(_ line: JSONValue, shift: Double) {
        guard let time = line["t"]?.double, let elements = line["tags"]?.elements else { return nil }
        self.time = time + shift
        start = (line["window"]?["start"]?.double ?? time) + shift
        end = (line["window"]?["end"]?.double ?? time) + shift
        tags = elements.compactMap { element in
            guard let instrument = element["instrument"]?.text, let probability = element["probability"]?.double else {
                return nil
            }
            return Tag(
                instrument: instrument, family: element["family"]?.text ?? "", probability: probability,
                attention: element["attention"].flatMap { Attention($0, shift: shift) })
        }
    }
}

extension TagWindow.Attention {
    fileprivate init?(_ value: JSONValue, shift: Double) {
        guard let time = value["time"]?.double, let low = value["low_hz"]?.double, let high = value["high_hz"]?.double
        else { return nil }
        self.init(time: time + shift, low: low, high: high)
    }
}
