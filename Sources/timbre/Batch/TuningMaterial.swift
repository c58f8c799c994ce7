// Activities beside the truth, gathered to choose thresholds from.

import Evaluation

/// What a choice of thresholds is made from.
struct TuningMaterial: Sendable {
    /// Activities of all frames whose truth is known.
    private var frames: [ThresholdSearch]
    /// The highest activity of each recording of which it is known whether the class is present.
    private var clips: [ThresholdSearch]
    /// In how many recordings each class is present.
    private(set) var presences: [Int]

    /// Creates it without material.
    init(classes: [String]) {
        frames = classes.map { _ in ThresholdSearch() }
        clips = frames
        presences = classes.map { _ in 0 }
    }

    /// What one recording says.
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

    /// Takes what other recordings say.
    mutating func append(_ other: TuningMaterial) {
        for index in frames.indices {
            frames[index].append(other.frames[index])
            clips[index].append(other.clips[index])
            presences[index] += other.presences[index]
        }
    }

    /// The best threshold of a class and what it was chosen from; nil where the set cannot tell.
    ///
    /// - Parameter source: "frames" or "recordings"; nil for frames where they can tell, otherwise recordings.
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
