// What every reader of references needs besides the bytes, and the checks that all of them make.

/// The file's name, the classes there are, and how long the audio is.
public struct ReadingContext: Sendable {
    /// How far a reference may pass the end of its audio, in seconds: encoders pad and cut by as much. What passes the
    /// end within it is cut.
    public static let slack = 0.1

    /// What messages call the file.
    public var file: String
    /// The classes that it may name.
    public var vocabulary: Vocabulary
    /// Seconds of audio; nil where unknown, and then nothing is beyond the end.
    public var duration: Double?
    /// The recording's name without its ending, for formats that hold several recordings.
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

    /// What is wrong with a pair of times; nil when nothing is.
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

    /// An annotation within the audio; the times have been checked.
    func annotation(
        _ start: Double, _ end: Double, _ instrument: String, confidence: Double? = nil, pitch: Int? = nil
    ) -> Annotation {
        let last = duration ?? .infinity
        return Annotation(
            start: min(start, last), end: min(end, last), instrument: instrument, confidence: confidence, pitch: pitch)
    }

    /// Seconds to the millisecond, without needless zeros.
    private func shown(_ seconds: Double) -> String {
        abs(seconds) < 1e9 ? "\((seconds * 1000).rounded() / 1000)" : "\(seconds)"
    }
}
