// The report of an evaluation as one HTML page that needs nothing else.

import Events
import Reports

/// A page with the figures, the confusion, and a timeline for every recording whose activities were kept.
public struct EvaluationPage {
    private let saved: SavedResults
    private var evaluation: Evaluation { saved.evaluation }

    /// A page about these results.
    public init(_ saved: SavedResults) {
        self.saved = saved
    }

    /// The page.
    public var html: String {
        """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>timbre evaluate: \(PageText.escaped(title))</title><style>\(Self.style)</style></head><body>
        <h1>\(PageText.escaped(title))</h1>
        \(facts)
        <h2>Figures</h2>
        \(figures)
        \(alarms)
        <h2>Confusion by time</h2>
        \(matrix(evaluation.timeConfusion, empty: "No recording has a reference in time."))
        <h2>Confusion by recording</h2>
        \(matrix(evaluation.clipConfusion, empty: "Of no recording it is known what is in it."))
        \(leftOut)
        <h2>Timelines</h2>
        <p>Above, what the reference says; below, what was heard; a question mark where the reference
        does not know. The recordings with the lowest F1 come first.</p>
        \(timelines)
        </body></html>

        """
    }

    private var title: String { saved.facts.first { $0.name == "set" }?.value.text ?? "evaluation" }

    private var facts: String {
        let rows = saved.facts.map { fact in
            "<tr><th>\(PageText.escaped(fact.name))</th><td>\(PageText.escaped(fact.value.text ?? ""))</td></tr>"
        }
        let minutes = evaluation.recordings.reduce(0) { $0 + $1.duration } / 60
        return "<table class=\"facts\">\(rows.joined())<tr><th>recordings</th><td>\(evaluation.recordings.count), "
            + "\(PageText.number(minutes, 1)) min</td></tr></table>"
    }

    private var figures: String {
        let columns: [(String, (ClassFigures) -> Double?)] = [
            ("frame P", { defined($0.frames?.hop)?.precision }), ("frame R", { defined($0.frames?.hop)?.recall }),
            ("frame F1", { defined($0.frames?.hop)?.f1 }), ("104 ms", { defined($0.frames?.block)?.f1 }),
            ("1 s", { defined($0.frames?.second)?.f1 }), ("AP", { $0.framePrecision }), ("AUC", { $0.frameArea }),
            ("onset F1", { defined($0.onsets)?.f1 }), ("on+off F1", { defined($0.events)?.f1 }),
            ("delay ms", { $0.medianDelay.map { $0 * 1000 } }), ("95 %", { $0.longDelay.map { $0 * 1000 } }),
            ("clip F1", { told($0)?.atHalf.f1 }), ("2-class", { told($0)?.twoClass.f1 }),
            ("reports", { told($0)?.reported.f1 }), ("clip AP", { told($0)?.ranking.averagePrecision }),
            ("clip AUC", { told($0)?.ranking.area }),
        ]
        func cell(_ name: String, _ value: Double?) -> String {
            let isTime = name == "delay ms" || name == "95 %"
            return "<td>\(value.map { PageText.number($0, isTime ? 0 : 3) } ?? "")</td>"
        }
        let head = "<tr><th></th>" + columns.map { "<th>\($0.0)</th>" }.joined() + "</tr>"
        let rows = evaluation.figures.filter { figures in columns.contains { $0.1(figures) != nil } }.map { figures in
            "<tr><th>\(PageText.escaped(figures.name))</th>" + columns.map { cell($0.0, $0.1(figures)) }.joined()
                + "</tr>"
        }
        let delays = ["delay ms": 0.5, "95 %": 0.95].mapValues { Quantile.of(evaluation.delays, $0).map { $0 * 1000 } }
        let means =
            "<tr class=\"mean\"><th>mean</th>"
            + columns.map { cell($0.0, delays[$0.0] ?? evaluation.mean($0.1)) }.joined() + "</tr>"
        return "<div class=\"wide\"><table>\(head)\(rows.joined())\(means)</table></div>"
    }

    private var alarms: String {
        let alarms = evaluation.falseAlarms
        guard let rate = alarms.perHour else { return "" }
        return
            "<p>Without music: \(alarms.recordings) recordings, \(PageText.number(alarms.seconds / 60, 1)) min, false alarms in "
            + "\(alarms.alarmed) of them, \(PageText.number(rate, 1)) an hour.</p>"
    }

    private var leftOut: String {
        guard !saved.leftOut.isEmpty else { return "" }
        let items = saved.leftOut.map { "<li>\(PageText.escaped($0.problem))</li>" }.joined()
        return "<h2>Left out</h2><ul>\(items)</ul>"
    }

    private func matrix(_ confusion: Confusion, empty: String) -> String {
        let names = confusion.classes
        let rows = names.indices.filter { confusion.present[$0] > 0 }
        guard !rows.isEmpty else { return "<p>\(empty)</p>" }
        let columns = names.indices.filter { column in rows.contains { confusion.taken[$0][column] > 0 } }
        func cell(_ share: Double, _ kind: String) -> String {
            let percent = Int((share * 100).rounded())
            return "<td class=\"\(kind)\" style=\"--share:\(percent)%\">\(percent == 0 ? "" : "\(percent)")</td>"
        }
        let head =
            "<tr><th>sounds</th>"
            + columns.map { "<th class=\"turned\"><span>\(PageText.escaped(names[$0]))</span></th>" }
            .joined() + "<th class=\"turned\"><span>nothing</span></th></tr>"
        let body = rows.map { row in
            "<tr><th>\(PageText.escaped(names[row]))</th>"
                + columns.map { cell(confusion.share(row, $0), $0 == row ? "right" : "wrong") }.joined()
                + cell(confusion.missed(row), "missed") + "</tr>"
        }
        return "<div class=\"wide\"><table class=\"matrix\">\(head)\(body.joined())</table></div>"
            + "<p>Percent of what stands at the left that was heard as what stands above.</p>"
    }

    private var timelines: String {
        let scored = evaluation.recordings.filter { $0.detail != nil }.map { recording in
            let counts = recording.classes.compactMap { $0.frames?.hop }.reduce(Counts(), +)
            return (recording, counts.isDefined || counts.falseAlarms > 0 ? counts.f1 : 2)
        }
        return scored.sorted { ($0.1, $0.0.name) < ($1.1, $1.0.name) }
            .enumerated().map { place, one in
                Timeline(recording: one.0, classes: evaluation.classes, f1: one.1, isOpen: place < 3).html
            }.joined(separator: "\n")
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#222;--soft:#777;--line:#ddd;--truth:#555;--heard:#2b7bba;--bad:#c0392b}
        @media(prefers-color-scheme:dark){:root{--ink:#ddd;--soft:#999;--line:#444;--truth:#aaa;--heard:#5aa9e6;--bad:#e57368}}
        body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);max-width:80rem;margin:2rem auto;padding:0 1rem}
        table{border-collapse:collapse}th{text-align:left;font-weight:600}td{text-align:right;font-variant-numeric:tabular-nums}
        th,td{padding:.15rem .4rem;border-bottom:1px solid var(--line);white-space:nowrap}.facts td{text-align:left;white-space:normal}
        tr:first-child th{text-align:right}.facts th{text-align:left!important}
        .mean{font-weight:600}.wide{overflow-x:auto}.turned{height:8rem;vertical-align:bottom}.turned span{writing-mode:vertical-rl}
        .right{background:color-mix(in srgb,var(--heard) calc(var(--share)*.8),transparent)}
        .wrong{background:color-mix(in srgb,var(--bad) calc(var(--share)*.8),transparent)}
        .missed{background:color-mix(in srgb,var(--soft) calc(var(--share)*.6),transparent)}
        details{margin:.4rem 0;break-inside:avoid}summary{cursor:pointer}svg{width:100%;height:auto}
        text{font:11px system-ui,sans-serif;fill:var(--ink)}.truth{fill:var(--truth)}.heard{fill:var(--heard)}.axis{fill:var(--soft)}
        line{stroke:var(--line)}
        """
}

/// Counts of a class that is present.
private func defined(_ counts: Counts?) -> Counts? { counts.flatMap { $0.isDefined ? $0 : nil } }

/// Figures of a class that is present in some recordings and absent in others.
private func told(_ figures: ClassFigures) -> ClipFigures? { figures.clips.flatMap { $0.isDefined ? $0 : nil } }
