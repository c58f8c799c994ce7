// Activities with their labels, from which thresholds are chosen.

import Evaluation

/// The data for the choice of thresholds.
struct TuningMaterial: Sendable {
    /// Activities of all frames with known labels.
    private var frames: [ThresholdSearch]
    /// The highest activity of each recording in which the presence of the class is known.
    private var clips: [ThresholdSearch]
    /// Number of recordings in which each class is present.
    private(set) var presences: [Int]

    /// Creates empty material.
    init(classes: [String]) {
        frames = classes.map { _ in ThresholdSearch() }
        clips = frames
        presences = classes.map { _ in 0 }
    }

    /// Creates the material of one recording.
    init(_ recording: HeardRecording) {
        let heard = recording.heard
        self.init(classes: heard.classes)
        for (index, name) in heard.classes.enumerated() {
            let activity = heard.activity(of: index)
            if let truth = recording.reference.spans[name] {
                let roll = Segments.roll(truth, resolution: heard.hopSeconds, count: activity.count)
                for (label, value) in zip(roll, activity) { frames[index].append(label, Double(value)) }
            }
            if let isPresent = recording.reference.presence[name] {
                clips[index].append(isPresent, Double(activity.max() ?? 0))
                if isPresent { presences[index] += 1 }
            }
        }
    }

    /// Appends the material of other recordings.
    mutating func append(_ other: TuningMaterial) {
        for index in frames.indices {
            frames[index].append(other.frames[index])
            clips[index].append(other.clips[index])
            presences[index] += other.presences[index]
        }
    }

    /// Returns the best threshold of a class and the source of the choice; nil where the set has too little data.
    ///
    /// - Parameter source: "frames" or "recordings"; nil for frames where they are sufficient, otherwise recordings.
    func best(
        _ index: Int, beta: Double, from source: String?
    ) -> (best: ThresholdSearch.Best, source: String)? {
        for (search, name) in [(frames[index], "frames"), (clips[index], "recordings")] {
            guard source == nil || source == name, search.hasPositives, search.hasNegatives else { continue }
            if let best = search.best(beta: beta), best.counts.hits > 0 { return (best, name) }
        }
        return nil
    }
}
