// The annotations of one piece of audio.

/// All annotations of one piece of audio.
public struct AnnotationSet: Equatable, Sendable {
    /// A user's mark, or another marked moment.
    public struct Mark: Equatable, Sendable {
        /// Seconds from the beginning of the audio.
        public var time: Double
        /// The text of the mark.
        public var text: String

        /// Creates a mark.
        public init(time: Double, text: String) {
            self.time = time
            self.text = text
        }
    }

    /// Ordered by start, then by name.
    public var annotations: [Annotation]
    /// Ordered by time.
    public var marks: [Mark]
    /// Seconds of the audio, where known.
    public var duration: Double?

    /// Creates a set and sorts its contents.
    public init(_ annotations: [Annotation] = [], marks: [Mark] = [], duration: Double? = nil) {
        self.annotations = annotations.sorted { ($0.start, $0.instrument, $0.end) < ($1.start, $1.instrument, $1.end) }
        self.marks = marks.sorted { $0.time < $1.time }
        self.duration = duration
    }

    /// The instrument names in the set, in alphabetical order.
    public var instruments: [String] { Set(annotations.map(\.instrument)).sorted() }
}
