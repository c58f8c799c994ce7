// The result of one recording, class by class.

/// The data of one recording from which the figures of a set are computed.
public struct RecordingResult: Equatable, Sendable {
    /// One class in one recording.
    public struct OfClass: Equatable, Sendable {
        /// Counts by time; nil where the times are not known.
        public var frames: FrameCounts?
        /// Counts by event, onsets only; nil where the times are not known.
        public var onsets: Counts?
        /// Counts by event, onsets and offsets; nil where the times are not known.
        public var events: Counts?
        /// Entries and the delays of their detection.
        public var entries = OnsetLatency.Entries()
        /// Whether the class is present in the recording; nil for unknown.
        public var isPresent: Bool?
        /// The clip-level score; see ``ClipScore``.
        public var score = 0.0
        /// Number of times it came on.
        public var reports = 0

        /// Creates a result without reference and detections.
        public init() {}
    }

    /// Details that are too large to save; they exist only in the process that evaluated the recording.
    public struct Detail: Equatable, Sendable {
        /// The highest activity of each block with its label, for each class; empty where the times are not known.
        public var blocks: [Ranking]
        /// The confusion hop by hop, where times are known.
        public var confusion: Confusion
        /// The times at which each class sounds; nil for unknown.
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
    /// nil for results that were read from a file.
    public var detail: Detail?

    /// Creates a result from saved values.
    public init(name: String, sha256: String, duration: Double, isWithoutMusic: Bool, classes: [OfClass]) {
        self.name = name
        self.sha256 = sha256
        self.duration = duration
        self.isWithoutMusic = isWithoutMusic
        self.classes = classes
    }
}
