// The figures of one class over a whole set.

/// The figures of one class.
public struct ClassFigures: Equatable, Sendable {
    /// The class.
    public let name: String
    /// Counts by time, from the events; nil where the times are known in no recording.
    public private(set) var frames: FrameCounts?
    /// Counts by event, onsets only.
    public private(set) var onsets: Counts?
    /// Counts by event, onsets and offsets.
    public private(set) var events: Counts?
    /// Entries and the delays of their detection.
    public private(set) var entries = OnsetLatency.Entries()
    /// Average precision over blocks of 104 ms; the score of a block is its highest activity.
    public let framePrecision: Double?
    /// Area under the ROC curve over the same blocks.
    public let frameArea: Double?
    /// The best threshold on these same blocks and its result, as Hung & Yang (2018) report; this figure is
    /// optimistic.
    public let frameBest: ThresholdSearch.Best?
    /// Figures by recording; nil where presence is known of no recording.
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

    /// Median delay of the detected entries, in seconds.
    public var medianDelay: Double? { Quantile.of(entries.delays, 0.5) }
    /// Median difference between the estimated onsets of those entries and the true ones, in seconds. A value above 0
    /// means that the estimates are late and that the `delay_ms` of the class in the model is too small by this
    /// amount.
    public var medianError: Double? { Quantile.of(entries.errors, 0.5) }
    /// The 95th percentile of the delays of the detected entries, in seconds.
    public var longDelay: Double? { Quantile.of(entries.delays, 0.95) }
}
