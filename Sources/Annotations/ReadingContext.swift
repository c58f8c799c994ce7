// The input of all readers of references besides the bytes, and their common checks.

/// The file's name, the permitted classes, and the duration of the audio.
public struct ReadingContext: Sendable {
    /// How far an annotation may exceed the end of its audio, in seconds, because encoders pad and cut by this much.
    /// The part after the end is removed.
    public static let slack = 0.1

    /// The name of the file for messages.
    public var file: String
    /// The permitted classes.
    public var vocabulary: Vocabulary
    /// Seconds of audio; nil where it is unknown, and then the end is not checked.
    public var duration: Double?
    /// The recording's name without its extension, for formats that contain several recordings.
    public var recording: String?

    /// Creates a context.
    public init(file: String, vocabulary: Vocabulary, duration: Double? = nil, recording: String? = nil) {
        self.file = file
        self.vocabulary = vocabulary
        self.duration = duration
        self.recording = recording
    }

    func error(_ problem: String, line: Int) -> AnnotationsError {
        .line(file: file, line: line, problem: problem)
    }

    func error(_ problem: String, byte: Int) -> AnnotationsError {
        .byte(file: file, byte: byte, problem: problem)
    }

    func error(_ problem: String, element: String) -> AnnotationsError {
        .element(file: file, element: element, problem: problem)
    }

    /// Returns the problem with a pair of times; nil when they are valid.
    func objection(start: Double, end: Double) -> String? {
        guard start.isFinite, end.isFinite else { return "the times must be finite numbers of seconds" }
        guard start >= 0 else {
            return "it starts at \(shown(start)) s: times count from 0, the beginning of the audio"
        }
        guard end >= start else {
            return "the times are out of order: it ends at \(shown(end)) s, before it starts at \(shown(start)) s"
        }
        if let duration, end > duration + Self.slack {
            return "it ends at \(shown(end)) s, beyond the end of the audio at \(shown(duration)) s: is this the "
                + "reference of another recording?"
        }
        return nil
    }

    /// Returns an annotation limited to the audio; the times are already validated.
    func annotation(
        _ start: Double, _ end: Double, _ instrument: String, confidence: Double? = nil, pitch: Int? = nil
    ) -> Annotation {
        let last = duration ?? .infinity
        return Annotation(
            start: min(start, last), end: min(end, last), instrument: instrument, confidence: confidence, pitch: pitch)
    }

    /// Formats seconds with a resolution of one millisecond, without trailing zeros.
    func shown(_ seconds: Double) -> String {
        abs(seconds) < 1e9 ? "\((seconds * 1000).rounded() / 1000)" : "\(seconds)"
    }
}
