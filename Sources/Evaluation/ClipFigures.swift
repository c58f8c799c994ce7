// The figures of one class by recording.

/// The figures of a class for whole recordings, over the recordings in which it is known to be present or absent.
public struct ClipFigures: Equatable, Sendable {
    /// The score from which a class counts as present, as in Gururani, Sharma & Lerch (2019).
    public static let threshold = 0.5

    /// Labels and scores.
    public let ranking: Ranking
    /// Counts when the class counts as present at a score of at least 0.5.
    public let atHalf: Counts
    /// Counts when the class counts as present where it came on at least once, as a client of the events sees it.
    public let reported: Counts
    /// The result at the best threshold on these same recordings, as Hung & Yang (2018) choose it.
    public let best: ThresholdSearch.Best?

    /// Collects the results of one class; nil where presence is known of no recording.
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
    /// Whether the class is present in some recordings and absent in others, which the figures require.
    public var isDefined: Bool { ranking.positives > 0 && ranking.negatives > 0 }
}

/// The clip-level score of a class.
public enum ClipScore {
    /// Returns the mean of the highest tenth of a recording's activities, at least of one; 0 without activities.
    ///
    /// The activities are those from which the events are decided: smoothed, and 0 while the gate is shut.
    public static func of(_ activities: [Float]) -> Double {
        guard !activities.isEmpty else { return 0 }
        let count = max(1, activities.count / 10)
        return activities.sorted(by: >).prefix(count).reduce(0) { $0 + Double($1) } / Double(count)
    }
}
