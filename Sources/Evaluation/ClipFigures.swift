// The figures of one class by recording.

/// How well a class was told in whole recordings, over those in which it is known to be present or absent.
public struct ClipFigures: Equatable, Sendable {
    /// Where the score counts as present, as Gururani, Sharma & Lerch (2019) have it.
    public static let threshold = 0.5

    /// Labels and scores.
    public let ranking: Ranking
    /// Called present where the score is at least 0.5.
    public let atHalf: Counts
    /// Called present where the class came on at least once: what a listener to the events is told.
    public let reported: Counts
    /// Called present at the threshold that is best on these very recordings, as Hung & Yang (2018) choose it.
    public let best: ThresholdSearch.Best?

    /// Collects the results of one class; nil where presence is known of none.
    init?(_ parts: [RecordingResult.OfClass]) {
        var ranking = Ranking()
        var search = ThresholdSearch()
        var heard: [Bool] = []
        for part in parts {
            guard let isPresent = part.isPresent else { continue }
            ranking.append(isPresent, part.score)
            search.append(isPresent, part.score)
            heard.append(part.reports > 0)
        }
        guard !heard.isEmpty else { return nil }
        self.ranking = ranking
        atHalf = ranking.counts(atLeast: Self.threshold)
        reported = Segments.compare(reference: ranking.labels, heard: heard)
        best = search.best()
    }

    /// The mean over "present" and "absent", at 0.5.
    public var twoClass: TwoClassScore { TwoClassScore(atHalf, total: ranking.labels.count) }
    /// Whether the class is present in some recordings and absent in others, so that it can be told at all.
    public var isDefined: Bool { ranking.positives > 0 && ranking.negatives > 0 }
}
