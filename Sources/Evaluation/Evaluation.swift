// All figures of a set.

/// How well a set of recordings was heard.
public struct Evaluation: Equatable, Sendable {
    /// The classes, in the order of the model.
    public let classes: [String]
    /// The recordings, in the order of the set.
    public let recordings: [RecordingResult]
    /// One entry a class.
    public let figures: [ClassFigures]
    /// What was heard where there is no music.
    public let falseAlarms: FalseAlarms
    /// What was reported where one instrument plays alone.
    public let singleSources: SingleSources
    /// How restless the events are.
    public let flicker: Flicker
    /// Which class was heard instead, hop by hop, where times are known.
    public let timeConfusion: Confusion
    /// Which class was reported instead, in recordings whose labels concern the whole.
    public let clipConfusion: Confusion

    /// Collects the figures. The order of the recordings, and so whatever ran beside whatever, changes nothing.
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

    /// The sum of counts over the classes, for micro means.
    public func sum(_ counts: (ClassFigures) -> Counts?) -> Counts {
        figures.compactMap(counts).reduce(Counts(), +)
    }

    /// The plain mean over the classes that have the figure, for macro means; nil when none has.
    public func mean(_ figure: (ClassFigures) -> Double?) -> Double? {
        let values = figures.compactMap(figure)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// The mean F1 over the classes that are present.
    public func meanF1(_ counts: (ClassFigures) -> Counts?) -> Double? {
        mean { counts($0).flatMap { $0.isDefined ? $0.f1 : nil } }
    }

    /// Entries of all classes.
    public var entries: Int { figures.reduce(0) { $0 + $1.entries.count } }
    /// The share of the entries that were never reported; nil where there are none.
    public var missedEntries: Double? { entries > 0 ? 1 - Double(delays.count) / Double(entries) : nil }
    /// Delays of all entries that were heard, in seconds.
    public var delays: [Double] { figures.flatMap(\.entries.delays) }
}
