// Compares the detections in one recording with its reference.

extension RecordingResult {
    /// Computes the result of a recording.
    public init(name: String, sha256: String, heard: Transcript, reference: Reference, settings: EvaluationSettings) {
        self.init(
            name: name, sha256: sha256, duration: heard.duration, isWithoutMusic: reference.isWithoutMusic, classes: [])
        let size = EvaluationSettings.hopsInBlock(hopSeconds: heard.hopSeconds)
        let block = Double(heard.hop * size) / Double(heard.rate)
        var detail = Detail(
            blocks: [], confusion: Confusion(classes: heard.classes),
            reference: heard.classes.map { reference.spans[$0] }, heard: heard.segments)
        for (index, instrument) in heard.classes.enumerated() {
            let activity = heard.activity(of: index)
            let segments = heard.segments[index]
            var result = OfClass()
            result.isPresent = reference.presence[instrument]
            result.score = ClipScore.of(activity)
            result.reports = segments.count
            var ranking = Ranking()
            if let truth = reference.spans[instrument] {
                func counts(_ resolution: Double) -> Counts {
                    Segments.compare(
                        reference: truth, heard: segments, resolution: resolution, duration: heard.duration)
                }
                var frames = FrameCounts()
                frames.hop = counts(heard.hopSeconds)
                frames.block = counts(block)
                frames.second = counts(1)
                result.frames = frames
                let events = TimeSpan.union(truth, closing: settings.gap)
                let estimates = heard.estimates[index]
                result.onsets = settings.matching.onsetsOnly.compare(reference: events, heard: estimates)
                result.events = settings.matching.compare(reference: events, heard: estimates)
                result.entries = OnsetLatency.entries(reference: events, heard: segments, estimates: estimates)
                let peaks = Segments.peaks(activity, size: size)
                let labels = Segments.roll(truth, resolution: block, count: peaks.count)
                ranking = Ranking(labels: labels, scores: peaks.map(Double.init))
            }
            detail.blocks.append(ranking)
            classes.append(result)
        }
        if reference.hasTimes { detail.confuse(hop: heard.hopSeconds, frames: heard.frames) }
        self.detail = detail
    }
}

extension RecordingResult.Detail {
    fileprivate mutating func confuse(hop: Double, frames: Int) {
        let truth = reference.map { $0.map { Segments.roll($0, resolution: hop, count: frames) } }
        let rolls = heard.map { Segments.roll($0, resolution: hop, count: frames) }
        for frame in 0..<frames {
            confusion.add(present: truth.map { $0?[frame] }, heard: rolls.map { $0[frame] })
        }
    }
}
