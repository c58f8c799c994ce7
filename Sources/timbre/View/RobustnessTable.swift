// The figures of degraded recordings as text.

import Evaluation

/// A row for each degradation, and one for the clean recordings.
struct RobustnessTable {
    let clean: Evaluation
    let degraded: [Robustness]

    /// The lines; empty without degradations.
    var lines: [String] {
        guard !degraded.isEmpty else { return [] }
        func shown(_ value: Double?) -> String { value.map { fixed($0, decimals: 3) } ?? "-" }
        func row(_ name: String, _ cells: [String]) -> String {
            cells.reduce(fitted(name, 18)) { $0 + padded($1, 8) }
        }
        func figures(_ evaluation: Evaluation) -> [String] {
            [
                evaluation.meanF1 { $0.frames?.hop },
                evaluation.mean { $0.clips.flatMap { $0.isDefined ? $0.reported.f1 : nil } },
                evaluation.missedEntries.map { 1 - $0 },
            ].map(shown)
        }
        return [
            "Degraded: share of the clean detections that remain, additional detections; mean F1 by time and of reports; "
                + "detected entries",
            row("", ["kept", "added", "F1 time", "reports", "entries"]),
            row("clean", [shown(1), shown(0)] + figures(clean)),
        ] + degraded.map { row($0.name, [shown($0.keptShare), shown($0.addedShare)] + figures($0.evaluation)) } + [""]
    }
}
