// The figures as a table in CSV format.

extension Evaluation {
    /// A header and a row for each class; an undefined figure is empty.
    public var csv: [UInt8] {
        let columns: [(name: String, value: (ClassFigures) -> Double?)] = [
            ("frame_precision", { $0.frames?.hop.precision }), ("frame_recall", { $0.frames?.hop.recall }),
            ("frame_f1", { $0.frames?.hop.f1 }), ("frame_f1_104ms", { $0.frames?.block.f1 }),
            ("frame_f1_1s", { $0.frames?.second.f1 }), ("frame_ap", { $0.framePrecision }),
            ("frame_auc", { $0.frameArea }), ("frame_best_f1", { $0.frameBest?.counts.f1 }),
            ("onset_precision", { $0.onsets?.precision }), ("onset_recall", { $0.onsets?.recall }),
            ("onset_f1", { $0.onsets?.f1 }), ("event_f1", { $0.events?.f1 }),
            ("entries", { Double($0.entries.count) }), ("entries_heard", { Double($0.entries.delays.count) }),
            ("delay_median_s", { $0.medianDelay }), ("delay_95_s", { $0.longDelay }),
            ("onset_error_median_s", { $0.medianError }),
            ("clips_present", { $0.clips.map { Double($0.ranking.positives) } }),
            ("clips_absent", { $0.clips.map { Double($0.ranking.negatives) } }),
            ("clip_f1", { $0.clips?.atHalf.f1 }), ("clip_two_class_f1", { $0.clips?.twoClass.f1 }),
            ("clip_best_f1", { $0.clips?.best?.counts.f1 }), ("clip_reported_f1", { $0.clips?.reported.f1 }),
            ("clip_ap", { $0.clips?.ranking.averagePrecision }), ("clip_auc", { $0.clips?.ranking.area }),
        ]
        var text = "class," + columns.map(\.name).joined(separator: ",") + "\n"
        for figures in figures {
            text += figures.name + columns.map { "," + ($0.value(figures).map { "\($0)" } ?? "") }.joined() + "\n"
        }
        return Array(text.utf8)
    }
}
