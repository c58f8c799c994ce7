// The result of one recording, class by class.

/// Everything about one recording that the figures of a set are made of.
public struct RecordingResult: Equatable, Sendable {
    /// One class in one recording.
    public struct OfClass: Equatable, Sendable {
        /// Counts by time; nil where the times are not known.
        public var frames: FrameCounts?
        /// Counts by event with onsets alone; nil where the times are not known.
        public var onsets: Counts?
        /// Counts by event with onsets and offsets; nil where the times are not known.
        public var events: Counts?
        /// Entries and the delays of their detection.
        public var entries = OnsetLatency.Entries()
        /// Whether the class is present in the recording; nil for unknown.
        public var isPresent: Bool?
        /// The clip-level score; see ``ClipScore``.
        public var score = 0.0
        /// How often it came on.
        public var reports = 0

        /// No reference and no detection.
        public init() {}
    }

    /// Details that are too large to save; only in the process that evaluated the recording.
    public struct Detail: Equatable, Sendable {
        /// Highest activity in each block against the truth, for each class; empty where the times are not known.
        public var blocks: [Ranking]
        /// Hop by hop, where times are known.
        public var confusion: Confusion
        /// When each class sounds; nil for unknown.
        public var reference: [[TimeSpan]?]
        /// The detected segments of each class.
        public var heard: [[TimeSpan]]
    }

    /// The recording's name in its set.
    public var name: String
    /// SHA-256 of the audio file.
    public var sha256: String
    /// Seconds of audio that were evaluated.
    public var duration: Double
    /// Whether every class is known to be absent.
    public var isWithoutMusic: Bool
    /// In the order of the model's classes.
    public var classes: [OfClass]
    /// Nil for results that were read from a file.
    public var detail: Detail?

    /// Creates a result from what was saved.
    public init(name: String, sha256: String, duration: Double, isWithoutMusic: Bool, classes: [OfClass]) {
        self.name = name
        self.sha256 = sha256
        self.duration = duration
        self.isWithoutMusic = isWithoutMusic
        self.classes = classes
    }
}
