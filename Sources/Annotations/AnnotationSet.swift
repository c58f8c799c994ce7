// The annotations of one piece of audio.

/// All annotations of one piece of audio.
public struct AnnotationSet: Equatable, Sendable {
    /// A person's note, or another moment worth keeping.
    public struct Mark: Equatable, Sendable {
        /// Seconds from the beginning of the audio.
        public var time: Double
        /// What it says.
        public var text: String

        /// Creates a mark.
        public init(time: Double, text: String) {
            self.time = time
            self.text = text
        }
    }

    /// In order of start, then of name.
    public var annotations: [Annotation]
    /// In order of time.
    public var marks: [Mark]
    /// Seconds of the audio, where known.
    public var duration: Double?

    /// Creates a set and brings it into order.
    public init(_ annotations: [Annotation] = [], marks: [Mark] = [], duration: Double? = nil) {
        self.annotations = annotations.sorted { ($0.start, $0.instrument, $0.end) < ($1.start, $1.instrument, $1.end) }
        self.marks = marks.sorted { $0.time < $1.time }
        self.duration = duration
    }

    /// The names that occur, in alphabetical order.
    public var instruments: [String] { Set(annotations.map(\.instrument)).sorted() }
}
