// The figures of one class over a whole set.

/// How well one class was heard.
public struct ClassFigures: Equatable, Sendable {
    /// The class.
    public let name: String
    /// By time, as the events say; nil where times are known in no recording.
    public private(set) var frames: FrameCounts?
    /// By event with onsets alone.
    public private(set) var onsets: Counts?
    /// By event with onsets and offsets.
    public private(set) var events: Counts?
    /// Entries and how late they were heard.
    public private(set) var entries = OnsetLatency.Entries()
    /// Average precision over blocks of 104 ms, scored by the highest activity in each.
    public let framePrecision: Double?
    /// Area under the ROC curve over the same blocks.
    public let frameArea: Double?
    /// The best threshold on these very blocks and what it gives: what Hung & Yang (2018) report, and flattering.
    public let frameBest: ThresholdSearch.Best?
    /// By recording; nil where presence is known of no recording.
    public let clips: ClipFigures?

    /// Collects the class at this index of the classes of the recordings.
    init(_ name: String, at index: Int, in recordings: [RecordingResult]) {
        self.name = name
        var ranking = Ranking()
        var search = ThresholdSearch()
        for recording in recordings {
            let part = recording.classes[index]
            if let counts = part.frames {
                var sum = frames ?? FrameCounts()
                sum += counts
                frames = sum
            }
            if let counts = part.onsets { onsets = (onsets ?? Counts()) + counts }
            if let counts = part.events { events = (events ?? Counts()) + counts }
            entries.count += part.entries.count
            entries.delays += part.entries.delays
            entries.errors += part.entries.errors
            if let blocks = recording.detail?.blocks[index] { ranking.append(blocks) }
        }
        for (label, score) in zip(ranking.labels, ranking.scores) { search.append(label, score) }
        framePrecision = ranking.averagePrecision
        frameArea = ranking.area
        frameBest = search.best()
        clips = ClipFigures(recordings.map { $0.classes[index] })
    }

    /// Median delay of the entries that were heard, in seconds.
    public var medianDelay: Double? { Quantile.of(entries.delays, 0.5) }
    /// Median of the estimated onsets of those entries against the true ones, in seconds: above 0 it is too late, and the
    /// `delay_ms` of the class in the model is too small by as much.
    public var medianError: Double? { Quantile.of(entries.errors, 0.5) }
    /// The delay that 95 % of the entries that were heard do not pass, in seconds.
    public var longDelay: Double? { Quantile.of(entries.delays, 0.95) }
}
