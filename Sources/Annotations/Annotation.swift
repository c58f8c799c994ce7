// The common form of all annotation formats for reading and writing.

/// A segment of time in which an instrument sounds.
public struct Annotation: Equatable, Sendable {
    /// Seconds from the beginning of the audio.
    public var start: Double
    /// Seconds; not before `start`.
    public var end: Double
    /// Name of the instrument class.
    public var instrument: String
    /// 0 to 1, where the format contains it.
    public var confidence: Double?
    /// MIDI note number, where the format contains it.
    public var pitch: Int?

    /// Creates an annotation.
    public init(start: Double, end: Double, instrument: String, confidence: Double? = nil, pitch: Int? = nil) {
        self.start = start
        self.end = end
        self.instrument = instrument
        self.confidence = confidence
        self.pitch = pitch
    }
}
