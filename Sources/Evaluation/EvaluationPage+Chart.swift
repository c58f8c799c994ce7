// The charts of the evaluation page: accuracy and delay of each instrument.

import AudioCore
import Reports

extension EvaluationPage {
    /// F1 as a bar, precision and recall as marks, for every instrument, by family; empty where no times are known.
    var chart: String {
        let rows = present.compactMap { figures -> String? in
            guard let counts = defined(figures.frames?.hop) else { return nil }
            func mark(_ kind: String, _ value: Double) -> String {
                "<i class=\"\(kind)\" style=\"left:\(PageText.number(value * 100, 1))%\"></i>"
            }
            let tip =
                "precision \(PageText.number(counts.precision, 3)), recall \(PageText.number(counts.recall, 3)), F1 "
                + PageText.number(counts.f1, 3)
            return """
                <div class="bar \(colour(figures.name))" title="\(tip)"><span class="name">\
                \(PageText.escaped(figures.name))</span><span class="track">\
                <i class="fill" style="width:\(PageText.number(counts.f1 * 100, 1))%"></i>\
                \(mark("p", counts.precision))\(mark("r", counts.recall))</span>\
                <span class="n">\(PageText.number(counts.f1, 2))</span></div>
                """
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h2>Recognition by instrument</h2>
            <p class="legend"><span class="key"><i class="fill"></i> F1 by time</span> \
            <span class="key"><i class="p"></i> precision: share of the detections that are correct</span> \
            <span class="key"><i class="r"></i> recall: share of the reference that was detected</span></p>
            <div class="bars">
            \(rows.joined(separator: "\n"))
            <div class="bar scale"><span></span><span class="track"><b>0</b><b>0.5</b><b>1</b></span><span></span></div>
            </div>
            """
    }

    /// The delays of entries for every instrument: each entry, the median, and the number of missed entries.
    var delays: String {
        let rows = present.filter { $0.entries.count > 0 }.map { figures in
            let (from, to) = (-OnsetLatency.earliest, OnsetLatency.latest)
            func position(_ delay: Double) -> String {
                PageText.number(min(1, max(0, (delay - from) / (to - from))) * 100, 2)
            }
            let dots = figures.entries.delays.map { "<i class=\"dot\" style=\"left:\(position($0))%\"></i>" }.joined()
            let median = figures.medianDelay.map { "<i class=\"p\" style=\"left:\(position($0))%\"></i>" } ?? ""
            let heard = figures.entries.delays.count
            return """
                <div class="bar \(colour(figures.name))"><span class="name">\(PageText.escaped(figures.name))</span>\
                <span class="track dots">\(dots)\(median)</span><span class="n">\
                \(figures.medianDelay.map { "\(Int(saturating: ($0 * 1000).rounded())) ms" } ?? "never") \
                <span class="soft">\(heard)/\(figures.entries.count)</span></span></div>
                """
        }
        guard !rows.isEmpty else { return "" }
        return """
            <h2>Delay of detections</h2>
            <p class="legend"><span class="key"><i class="dot"></i> a detected entry</span> \
            <span class="key"><i class="p"></i> the median</span> <span class="key">right: the median, and the number of \
            entries detected within 2 s</span></p>
            <div class="bars late">
            \(rows.joined(separator: "\n"))
            <div class="bar scale"><span></span><span class="track"><b>0</b><b>1 s</b><b>2 s</b></span><span></span></div>
            </div>
            """
    }

    /// The style rules of this page in addition to those of all reports.
    static let rules = """
        .legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.6rem; margin: 0 0 0.7rem; font-size: 0.86rem; color: var(--soft); }
        .key i { position: static !important; display: inline-block; vertical-align: -0.1em; margin: 0 0.35em 0 0 !important; }
        .key i.fill { width: 1.6em; height: 0.7em; }
        .bars { display: grid; grid-template-columns: max-content minmax(8rem, 1fr) max-content; gap: 3px 0.9rem; }
        .bar { display: contents; } .bar .name { white-space: nowrap; } .bar .n { min-width: 2.4rem; }
        .track { position: relative; background: var(--panel); border-radius: 3px; min-height: 1.25rem; align-self: center; }
        .fill { background: var(--hue); opacity: 0.55; } .track .fill { position: absolute; inset: 0 auto 0 0; border-radius: 3px; }
        i.p { position: absolute; top: 0; bottom: 0; width: 3px; height: 1.25rem; margin-left: -1.5px; background: var(--ink); }
        i.r { position: absolute; top: 0.3rem; width: 0.65rem; height: 0.65rem; margin-left: -0.32rem; border-radius: 50%;
          border: 2px solid var(--ink); background: var(--paper); }
        i.dot { position: absolute; top: 0.35rem; width: 0.55rem; height: 0.55rem; margin-left: -0.27rem; border-radius: 50%;
          background: var(--hue); opacity: 0.6; }
        .scale .track { display: flex; justify-content: space-between; background: none; color: var(--soft); font-size: 0.78rem; }
        .scale b { font-weight: 400; }
        .wide { overflow-x: auto; } .wide table { width: auto; }
        .wide th, .wide td { padding: 0.2rem 0.55rem; white-space: nowrap; } .wide td { text-align: right; }
        .wide th:first-child { position: sticky; left: 0; background: var(--paper); color: var(--ink); z-index: 1;
          border-bottom-color: var(--line); }
        th.group { text-align: center; border-bottom: 0; color: var(--ink); } .begins { border-left: 1px solid var(--line); }
        .mean td, .mean th { font-weight: 600; border-top: 1px solid var(--ink); }
        .matrix td { min-width: 2.1rem; text-align: center; padding: 0.2rem 0.3rem; }
        .turned { height: 8.5rem; vertical-align: bottom; text-align: center; } .turned span { writing-mode: vertical-rl;
          transform: rotate(180deg); }
        .right { background: color-mix(in srgb, var(--keyboard) calc(var(--share) * 0.75), transparent); }
        .wrong { background: color-mix(in srgb, var(--alarm) calc(var(--share) * 0.9), transparent); }
        .missed { background: color-mix(in srgb, var(--soft) calc(var(--share) * 0.7), transparent); }
        .spans { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 0.8rem; margin: 0.5rem 0 1.2rem; }
        .spans .lanes { position: relative; height: 1.45rem; border-bottom: 1px solid var(--line); }
        .lanes i { position: absolute; height: 0.5rem; min-width: 1px; border-radius: 1px; } .lanes .truth { top: 0.12rem;
          background: var(--soft); opacity: 0.75; } .lanes .heard { top: 0.7rem; background: var(--hue); }
        .spans .ends { display: flex; justify-content: space-between; color: var(--soft); font-size: 0.78rem; }
        main > details { margin-top: 0.7rem; } summary .soft { font-weight: 400; } a { color: inherit; }
        @media (max-width: 46rem) { .bars.late .soft { display: none; } .spans { font-size: 0.86rem; } }
        """
}
