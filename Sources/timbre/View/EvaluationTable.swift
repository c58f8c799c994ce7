// The figures of an evaluation as text.

import Evaluation

/// Lines of tables for a terminal.
struct EvaluationTable {
    let evaluation: Evaluation

    /// All sections with content.
    var lines: [String] {
        [frames, events, clips, singles, alarms, confusion].filter { !$0.isEmpty }.flatMap { $0 + [""] }
    }

    /// Returns a row of cells, the first left-aligned.
    private func row(_ name: String, _ cells: [String]) -> String {
        var line = fitted(name, 18)
        for cell in cells { line += padded(cell, 8) }
        return line
    }

    private func shown(_ value: Double?) -> String { value.map { fixed($0, decimals: 3) } ?? "-" }
    private func milliseconds(_ value: Double?) -> String { value.map { fixed($0 * 1000, decimals: 0) } ?? "-" }

    private var frames: [String] {
        let rows = evaluation.figures.filter { $0.frames != nil }
        guard !rows.isEmpty else { return [] }
        func counts(_ figures: ClassFigures) -> FrameCounts? {
            figures.frames.flatMap { $0.hop.isDefined ? $0 : nil }
        }
        var lines = [
            "By time: precision, recall and F1 at the hop; F1 in blocks of 104 ms and of 1 s; AP, AUC and best F1 of the activities",
            row("", ["P", "R", "F1", "F1 104", "F1 1 s", "AP", "AUC", "best F1"]),
        ]
        for figures in rows {
            guard let frames = counts(figures) else { continue }
            lines.append(
                row(
                    figures.name,
                    [
                        frames.hop.precision, frames.hop.recall, frames.hop.f1, frames.block.f1, frames.second.f1,
                        figures.framePrecision, figures.frameArea, figures.frameBest?.counts.f1,
                    ].map(shown)))
        }
        let silent = rows.filter { counts($0) == nil && ($0.frames?.hop.falseAlarms ?? 0) > 0 }
        let micro = evaluation.sum { $0.frames?.hop }
        lines += [
            row(
                "mean",
                [
                    evaluation.mean { counts($0)?.hop.precision }, evaluation.mean { counts($0)?.hop.recall },
                    evaluation.meanF1 { $0.frames?.hop }, evaluation.meanF1 { $0.frames?.block },
                    evaluation.meanF1 { $0.frames?.second },
                    evaluation.mean { counts($0) == nil ? nil : $0.framePrecision },
                    evaluation.mean(\.frameArea), evaluation.mean { $0.frameBest?.counts.f1 },
                ].map(shown)),
            row(
                "pooled",
                [
                    micro.precision, micro.recall, micro.f1, evaluation.sum { $0.frames?.block }.f1,
                    evaluation.sum { $0.frames?.second }.f1,
                ].map(shown)),
        ]
        if !silent.isEmpty { lines.append("detected but never present: \(silent.map(\.name).joined(separator: ", "))") }
        return lines
    }

    private var events: [String] {
        let rows = evaluation.figures.filter { $0.onsets?.isDefined == true }
        guard !rows.isEmpty else { return [] }
        var lines = [
            "By event: onsets, onsets with offsets, detected entries, and their delay (ms)",
            row("", ["events", "P", "R", "F1", "F1 both", "entries", "median", "95 %"]),
        ]
        for figures in rows {
            let (onsets, events) = (figures.onsets ?? Counts(), figures.events ?? Counts())
            lines.append(
                row(
                    figures.name,
                    ["\(onsets.hits + onsets.misses)"]
                        + [onsets.precision, onsets.recall, onsets.f1, events.f1].map(shown)
                        + ["\(figures.entries.delays.count)/\(figures.entries.count)"]
                        + [figures.medianDelay, figures.longDelay].map(milliseconds)))
        }
        let entries = rows.reduce(0) { $0 + $1.entries.count }
        func mean(_ value: (Counts) -> Double) -> Double? {
            evaluation.mean { $0.onsets.flatMap { $0.isDefined ? value($0) : nil } }
        }
        let total = evaluation.sum { $0.onsets }
        lines.append(
            row(
                "mean",
                ["\(total.hits + total.misses)"]
                    + [mean(\.precision), mean(\.recall), mean(\.f1), evaluation.meanF1 { $0.events }].map(shown)
                    + ["\(evaluation.delays.count)/\(entries)"]
                    + [Quantile.of(evaluation.delays, 0.5), Quantile.of(evaluation.delays, 0.95)].map(milliseconds)))
        if let missed = evaluation.missedEntries { lines.append("never reported: \(percent(missed)) of the entries") }
        if let heard = evaluation.flicker.heardPerMinute, let truth = evaluation.flicker.referencePerMinute {
            lines.append(
                "flicker: \(fixed(heard, decimals: 1)) events per minute detected, \(fixed(truth, decimals: 1)) in the reference"
            )
        }
        return lines
    }

    private var singles: [String] {
        let singles = evaluation.singleSources
        guard singles.count > 0 else { return [] }
        func cell(_ name: String, _ count: Int) -> String {
            fitted(name, 18) + padded("\(count)", 8) + padded(percent(Double(count) / Double(singles.count)), 8)
        }
        return [
            "Single instruments: reports on \(singles.count) recordings",
            cell("only the right", singles.right),
            cell("right and wrong", singles.mixed), cell("only wrong", singles.wrong), cell("nothing", singles.nothing),
        ]
    }

    private var clips: [String] {
        let rows = evaluation.figures.compactMap { figures in figures.clips.map { (figures.name, $0) } }
            .filter { $0.1.ranking.positives > 0 }
        guard !rows.isEmpty else { return [] }
        func cells(_ clips: ClipFigures) -> [Double?] {
            [
                clips.atHalf.f1, clips.twoClass.f1, clips.best?.counts.f1, clips.reported.f1,
                clips.ranking.averagePrecision, clips.ranking.area,
            ]
        }
        var lines = [
            "By recording: F1 and two-class F1 of the score at 0.5, F1 at the best threshold, F1 of the reports",
            row("", ["present", "absent", "F1", "2-class", "best F1", "reports", "AP", "AUC"]),
        ]
        for (name, clips) in rows {
            lines.append(
                row(name, ["\(clips.ranking.positives)", "\(clips.ranking.negatives)"] + cells(clips).map(shown)))
        }
        let told = rows.map(\.1).filter(\.isDefined).map(cells)
        let means = (0..<6).map { column -> Double? in
            let values = told.compactMap { $0[column] }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        lines.append(row("mean", ["", ""] + means.map(shown)))
        return lines
    }

    private var alarms: [String] {
        let alarms = evaluation.falseAlarms
        guard let rate = alarms.perHour else { return [] }
        let names = zip(evaluation.classes, alarms.alarms).filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
            .map { "\($0.0) \($0.1)" }
        return [
            "Without music: \(alarms.recordings) recordings, \(fixed(alarms.seconds / 60, decimals: 1)) min",
            "\(alarms.alarms.reduce(0, +)) false alarms in \(alarms.alarmed) of them, "
                + "\(fixed(rate, decimals: 1)) per hour" + (names.isEmpty ? "" : ": " + names.joined(separator: ", ")),
        ]
    }

    private var confusion: [String] {
        section("Confusion by time, in percent of the time an instrument sounds", evaluation.timeConfusion)
            + section(
                "Confusion by recording, in percent of the recordings that contain an instrument",
                evaluation.clipConfusion)
    }

    private func section(_ title: String, _ confusion: Confusion) -> [String] {
        let names = confusion.classes
        let lines = names.indices.filter { confusion.present[$0] > 0 }.map { row in
            let others = names.indices.filter { $0 != row && confusion.share(row, $0) >= 0.01 }
                .sorted { (confusion.share(row, $1), $0) < (confusion.share(row, $0), $1) }.prefix(3)
                .map { "\(names[$0]) \(percent(confusion.share(row, $0)))" }
            return fitted(names[row], 18) + padded(percent(confusion.share(row, row)), 6) + " detected, "
                + padded(percent(confusion.missed(row)), 5) + " missed"
                + (others.isEmpty ? "" : "; confused with " + others.joined(separator: ", "))
        }
        return lines.isEmpty ? [] : [title] + lines
    }

    private func percent(_ share: Double) -> String { fixed(share * 100, decimals: 0) + " %" }
}
