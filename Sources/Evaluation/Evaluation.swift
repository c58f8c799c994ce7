// All figures of an evaluated set.

/// The result of the evaluation of a set of recordings.
public struct Evaluation: Equatable, Sendable {
    /// The classes, in the order of the model.
    public let classes: [String]
    /// The recordings, in the order of the set.
    public let recordings: [RecordingResult]
    /// One entry per class.
    public let figures: [ClassFigures]
    /// The detections in recordings without music.
    public let falseAlarms: FalseAlarms
    /// The result for recordings of a single instrument.
    public let singleSources: SingleSources
    /// The number of events per minute.
    public let flicker: Flicker
    /// The confusion of classes hop by hop, where times are known.
    public let timeConfusion: Confusion
    /// The confusion of reported classes, in recordings with labels of the whole recording.
    public let clipConfusion: Confusion

    /// Computes the figures. They do not depend on the order of the recordings, and thus not on the order of parallel
    /// work.
    public init(classes: [String], recordings: [RecordingResult]) {
        self.classes = classes
        self.recordings = recordings
        figures = classes.enumerated().map { ClassFigures($0.element, at: $0.offset, in: recordings) }
        falseAlarms = FalseAlarms(recordings, classes: classes.count)
        singleSources = SingleSources(recordings)
        flicker = Flicker(recordings)
        var times = Confusion(classes: classes)
        var clips = Confusion(classes: classes)
        for recording in recordings {
            if let detail = recording.detail { times.add(detail.confusion) }
            clips.add(present: recording.classes.map(\.isPresent), heard: recording.classes.map { $0.reports > 0 })
        }
        timeConfusion = times
        clipConfusion = clips
    }

    /// Returns the sum of counts over the classes, for micro means.
    public func sum(_ counts: (ClassFigures) -> Counts?) -> Counts {
        figures.compactMap(counts).reduce(Counts(), +)
    }

    /// Returns the arithmetic mean over the classes that have the figure, for macro means; nil when none has.
    public func mean(_ figure: (ClassFigures) -> Double?) -> Double? {
        let values = figures.compactMap(figure)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Returns the mean F1 over the classes that are present.
    public func meanF1(_ counts: (ClassFigures) -> Counts?) -> Double? {
        mean { counts($0).flatMap { $0.isDefined ? $0.f1 : nil } }
    }

    /// Number of entries of all classes.
    public var entries: Int { figures.reduce(0) { $0 + $1.entries.count } }
    /// The fraction of the entries that were never reported; nil without entries.
    public var missedEntries: Double? { entries > 0 ? 1 - Double(delays.count) / Double(entries) : nil }
    /// Delays of all detected entries, in seconds.
    public var delays: [Double] { figures.flatMap(\.entries.delays) }
}
