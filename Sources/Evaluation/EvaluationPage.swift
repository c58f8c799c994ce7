// The report of an evaluation as a self-contained HTML page.

import AudioCore
import Events
import Reports

/// A page with the figures, the confusion, and a timeline for every recording whose activities were kept.
public struct EvaluationPage {
    let saved: SavedResults
    /// The family of each class; a class without one is drawn in grey.
    let families: [String: String]
    /// The address of the report of each recording, by its name.
    let reports: [String: String]
    var evaluation: Evaluation { saved.evaluation }

    /// Creates a page of these results.
    ///
    /// - Parameters:
    ///   - families: the family of each class, for grouping and colours.
    ///   - reports: the addresses of the recordings' own pages, relative to this page, by name.
    public init(_ saved: SavedResults, families: [String: String] = [:], reports: [String: String] = [:]) {
        self.saved = saved
        self.families = families
        self.reports = reports
    }

    /// The page.
    public var html: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>timbre evaluate: \(PageText.escaped(title))</title>
        <style>
        \(ReportStyle.sheet)
        \(Self.rules)
        </style>
        </head>
        <body>
        <header>
        <h1>\(PageText.escaped(title))</h1>
        <p class="lead">\(PageText.escaped(lead))</p>
        <dl class="facts">\(facts)</dl>
        </header>
        <main>
        \(chart)
        \(delays)
        <h2>Figures</h2>
        \(figures)
        \(alarms)
        <h2>Confusion by time</h2>
        \(matrix(evaluation.timeConfusion, unit: "of the time", empty: "No recording has a reference in time."))
        <h2>Confusion by recording</h2>
        \(matrix(evaluation.clipConfusion, unit: "of the recordings", empty: "No recording has a reference for its instruments."))
        \(robustness)
        \(leftOut)
        <h2>Timelines</h2>
        <p class="soft">Above, the reference; below in colour, the detections; a question mark where the reference is
        unknown. The recordings with the lowest F1 come first.</p>
        \(timelines)
        </main>
        </body>
        </html>

        """
    }

    private var title: String { saved.facts.first { $0.name == "set" }?.value.text ?? "evaluation" }

    /// A summary in one sentence.
    var lead: String {
        let seconds = evaluation.recordings.reduce(0) { $0 + $1.duration }
        let count = evaluation.recordings.count
        let set = "\(count) recording\(count == 1 ? "" : "s"), \(PageText.length(seconds))"
        var parts: [String] = []
        let judged = present.filter { defined($0.frames?.hop) != nil }
        if let f1 = evaluation.meanF1({ $0.frames?.hop }) {
            parts.append("F1 \(PageText.number(f1, 2)) by time, mean of \(judged.count) instruments")
            let order = judged.sorted { ($0.frames?.hop.f1 ?? 0, $1.name) > ($1.frames?.hop.f1 ?? 0, $0.name) }
            if let best = order.first, let worst = order.last, order.count > 1 {
                parts.append("best \(best.name), worst \(worst.name)")
            }
        } else if let mean = evaluation.mean({ told($0)?.atHalf.f1 }) {
            parts.append("F1 \(PageText.number(mean, 2)) by recording")
        }
        if let delay = Quantile.of(evaluation.delays, 0.5) {
            parts.append("the median delay of entries is \(Int(saturating: (delay * 1000).rounded())) ms")
        }
        if let rate = evaluation.falseAlarms.perHour {
            parts.append("\(PageText.number(rate, 1)) false alarms per hour without music")
        }
        return parts.isEmpty ? "\(set)." : "\(set): \(parts.joined(separator: "; "))."
    }

    /// The classes with known figures, by family in score order.
    var present: [ClassFigures] {
        let order = FamilyColour.all.map(\.family)
        func rank(_ figures: ClassFigures) -> Int {
            families[figures.name].flatMap { order.firstIndex(of: $0) } ?? order.count
        }
        return evaluation.figures.enumerated()
            .filter {
                defined($0.element.frames?.hop) != nil || told($0.element) != nil || !$0.element.entries.delays.isEmpty
            }
            .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
            .map(\.element)
    }

    /// Returns the CSS class for the colour of an instrument's family.
    func colour(_ name: String) -> String { FamilyColour.of(families[name] ?? "").cssClass }

    private var facts: String {
        saved.facts.filter { $0.name != "set" }.map { fact in
            let text = fact.value.text ?? ""
            // Only the beginning of a hash is shown.
            let shown = text.utf8.count == 64 && fact.name.hasSuffix("sha256") ? String(text.prefix(12)) : text
            return "<div><dt>\(PageText.escaped(fact.name))</dt><dd>\(PageText.escaped(shown))</dd></div>"
        }.joined()
    }

    private var alarms: String {
        let alarms = evaluation.falseAlarms
        guard let rate = alarms.perHour else { return "" }
        return
            "<p>Without music: \(alarms.recordings) recordings, \(PageText.number(alarms.seconds / 60, 1)) min, false alarms in "
            + "\(alarms.alarmed) of them, \(PageText.number(rate, 1)) per hour.</p>"
    }

    /// The figures of the degraded recordings; empty where no degradation was requested.
    private var robustness: String {
        guard !saved.degraded.isEmpty else { return "" }
        func share(_ value: Double?) -> String { value.map { PageText.share($0) } ?? "" }
        func f1(_ evaluation: Evaluation) -> String {
            evaluation.meanF1({ $0.frames?.hop }).map { PageText.number($0, 3) } ?? ""
        }
        let rows = saved.degraded.map { one in
            "<tr><th>\(PageText.escaped(one.name))</th><td>\(f1(one.evaluation))</td><td>\(share(one.keptShare))</td>"
                + "<td>\(share(one.addedShare))</td></tr>"
        }
        return """
            <h2>Degraded</h2>
            <p class="soft">The same recordings with degraded audio: F1 by time, the share of the detections in the clean \
            recordings that remain, and the additional detections.</p>
            <div class="wide"><table>
            <thead><tr><th></th><th>F1</th><th>kept</th><th>added</th></tr></thead>
            <tbody>
            <tr><th>clean</th><td>\(f1(evaluation))</td><td></td><td></td></tr>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table></div>
            """
    }

    private var leftOut: String {
        guard !saved.leftOut.isEmpty else { return "" }
        let items = saved.leftOut.map { "<li>\(PageText.escaped($0.problem))</li>" }.joined()
        return "<h2>Left out</h2><ul>\(items)</ul>"
    }

    private var timelines: String {
        let scored = evaluation.recordings.filter { $0.detail != nil }.map { recording in
            let counts = recording.classes.compactMap { $0.frames?.hop }.reduce(Counts(), +)
            return (recording, counts.isDefined || counts.falseAlarms > 0 ? counts.f1 : 2)
        }
        return scored.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }
            .enumerated().map { number, one in
                Timeline(
                    recording: one.0, classes: evaluation.classes, colours: evaluation.classes.map(colour), f1: one.1,
                    report: reports[one.0.name], isOpen: number < 3
                ).html
            }.joined(separator: "\n")
    }
}

/// Returns the counts of a class that is present; otherwise nil.
func defined(_ counts: Counts?) -> Counts? { counts.flatMap { $0.isDefined ? $0 : nil } }

/// Returns the figures of a class that is present in some recordings and absent in others; otherwise nil.
func told(_ figures: ClassFigures) -> ClipFigures? { figures.clips.flatMap { $0.isDefined ? $0 : nil } }
