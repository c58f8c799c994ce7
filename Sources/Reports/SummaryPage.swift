// A page with many annotated recordings: their instruments and the times of these.

import Annotations

/// Creates the page of a folder with results of `timbre annotate`. It loads nothing, and text of events and files is
/// escaped.
public enum SummaryPage {
    /// Returns the complete page.
    ///
    /// - Parameters:
    ///   - summaries: the recordings, in the order of display.
    ///   - title: the title of the page.
    public static func html(_ summaries: [RecordingSummary], title: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        script-src 'unsafe-inline'; img-src data:">
        <link rel="icon" href="data:,">
        <title>\(PageText.escaped(title))</title>
        <style>
        \(ReportStyle.sheet)
        \(rules)
        </style>
        </head>
        <body>
        <header>
        <h1>\(PageText.escaped(title))</h1>
        <p class="lead">\(PageText.escaped(lead(summaries)))</p>
        </header>
        <main>
        \(instruments(summaries))
        <h2>Recordings</h2>
        <p class="search"><input type="search" id="search" placeholder="name or instrument, for example oboe" \
        aria-label="Search recordings"> <span id="count" class="soft">\(summaries.count) recordings</span></p>
        <table class="recordings">
        <thead><tr><th>recording</th><th class="n">length</th><th>instruments over time</th><th>main instruments</th></tr></thead>
        <tbody>
        \(summaries.map(row).joined(separator: "\n"))
        </tbody>
        </table>
        </main>
        <script>
        \(script)
        </script>
        </body>
        </html>

        """
    }

    /// Returns a summary in one sentence.
    static func lead(_ summaries: [RecordingSummary]) -> String {
        let seconds = summaries.reduce(0) { $0 + $1.duration }
        let set = "\(summaries.count) recording\(summaries.count == 1 ? "" : "s"), \(PageText.length(seconds))"
        let totals = totals(summaries)
        guard let most = totals.first else { return "\(set): no instrument was detected." }
        let count = totals.count == 1 ? "one instrument" : "\(totals.count) instruments"
        return
            "\(set): \(count); \(most.name) the longest, \(PageText.length(most.seconds)) in \(most.recordings) of them."
    }

    private struct Total {
        let name: String, family: String
        var seconds = 0.0
        var recordings = 0
    }

    /// Returns the totals in descending order.
    private static func totals(_ summaries: [RecordingSummary]) -> [Total] {
        var totals: [String: Total] = [:]
        for instrument in summaries.flatMap(\.instruments) {
            var total = totals[instrument.name] ?? Total(name: instrument.name, family: instrument.family)
            total.seconds += instrument.seconds
            total.recordings += 1
            totals[instrument.name] = total
        }
        return totals.values.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
    }

    private static func instruments(_ summaries: [RecordingSummary]) -> String {
        let totals = totals(summaries)
        guard let most = totals.first else { return "" }
        let all = max(1e-9, summaries.reduce(0) { $0 + $1.duration })
        let rows = totals.map { total in
            """
            <tr class="\(FamilyColour.of(total.family).cssClass)"><td><span class="swatch"></span>\
            <button class="find">\(PageText.escaped(total.name))</button></td>\
            <td class="soft">\(PageText.escaped(total.family))</td>\
            <td class="n">\(PageText.length(total.seconds))</td><td class="share">\
            <i style="width:\(PageText.number(total.seconds / max(1e-9, most.seconds) * 60, 1))%"></i>\
            \(PageText.share(total.seconds / all))</td><td class="n">\(total.recordings)</td></tr>
            """
        }
        return """
            <h2>Instruments</h2>
            <table>
            <thead><tr><th>instrument</th><th>family</th><th class="n">time</th><th class="share">share</th>\
            <th class="n">recordings</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private static func row(_ summary: RecordingSummary) -> String {
        let ordered = summary.instruments.sorted { ($0.seconds, $1.name) > ($1.seconds, $0.name) }
        // An instrument that sounds for less than a hundredth of the duration can be found by search but is not drawn.
        let drawn = summary.instruments.filter { $0.seconds >= 0.01 * summary.duration }.sorted {
            (FamilyColour.rank(of: $0.family), $0.name) < (FamilyColour.rank(of: $1.family), $1.name)
        }
        let text = ([summary.name] + ordered.map(\.name)).joined(separator: " ").lowercased()
        let chips = ordered.prefix(4).map { instrument in
            "<span class=\"chip \(FamilyColour.of(instrument.family).cssClass)\">\(PageText.escaped(instrument.name)) "
                + "<span class=\"soft\">\(PageText.share(instrument.seconds / max(1e-9, summary.duration)))</span></span>"
        }
        let more = ordered.count > 4 ? "<span class=\"soft\">and \(ordered.count - 4) more</span>" : ""
        return "<tr data-text=\"\(PageText.escaped(text))\"><td class=\"name\">\(PageText.escaped(summary.name))</td>"
            + "<td class=\"n\">\(PageText.length(summary.duration))</td><td class=\"strips\">"
            + drawn.map { strip($0, summary.duration) }.joined()
            + "</td><td>\(chips.isEmpty ? "<span class=\"soft\">nothing</span>" : chips.joined() + more)</td></tr>"
    }

    /// Returns the lane of an instrument; segments that would overlap on a screen are drawn as one.
    private static func strip(_ instrument: RecordingSummary.Instrument, _ duration: Double) -> String {
        let near = duration / 500
        var spans: [(start: Double, end: Double)] = []
        for segment in instrument.segments {
            if let last = spans.last, segment.start - last.end < near {
                spans[spans.count - 1].end = max(last.end, segment.end)
            } else {
                spans.append((segment.start, segment.end))
            }
        }
        let bars = spans.map { span in
            "<i style=\"left:\(PageText.number(span.start / duration * 100, 1))%;"
                + "width:\(PageText.number((span.end - span.start) / duration * 100, 1))%\"></i>"
        }
        return "<span class=\"strip \(FamilyColour.of(instrument.family).cssClass)\" "
            + "title=\"\(PageText.escaped(instrument.name))\">\(bars.joined())</span>"
    }

    private static let rules = """
        .search { margin: 0 0 0.8rem; } input { font: inherit; color: inherit; background: var(--panel);
          border: 1px solid var(--line); border-radius: 5px; padding: 0.3rem 0.7rem; width: 22rem; max-width: 100%; }
        button.find { border: 0; padding: 0; background: none; text-decoration: underline; text-decoration-color: var(--line);
          text-underline-offset: 3px; }
        .recordings td { vertical-align: middle; } .recordings .name { overflow-wrap: anywhere; min-width: 10rem; }
        .strips { width: 40%; min-width: 9rem; }
        .strip { display: block; position: relative; height: 6px; margin: 1px 0; background: var(--panel); }
        .strip i { position: absolute; top: 0; bottom: 0; min-width: 1px; background: var(--hue); border-radius: 1px; }
        .recordings .chip { margin-right: 0.7rem; white-space: nowrap; }
        @media (max-width: 46rem) { .recordings { display: table; } .recordings thead { display: none; } .recordings tr { display: grid;
          grid-template-columns: 1fr max-content; padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
          .recordings td { border: 0; padding: 0.1rem 0; } .recordings .strips, .recordings td:last-child {
          grid-column: 1 / -1; width: auto; } }
        """

    private static let script = """
        const search = document.getElementById("search"), count = document.getElementById("count");
        const rows = [...document.querySelectorAll(".recordings tbody tr")];
        function show() {
          const words = search.value.normalize("NFC").toLowerCase().split(/\\s+/).filter(Boolean);
          let shown = 0;
          for (const row of rows) {
            const fits = words.every(word => row.dataset.text.normalize("NFC").includes(word));
            row.hidden = !fits;
            row.style.display = fits ? "" : "none";
            shown += fits;
          }
          count.textContent = words.length ? `${shown} of ${rows.length} recordings` : `${rows.length} recordings`;
        }
        search.addEventListener("input", show);
        for (const button of document.querySelectorAll("button.find"))
          button.addEventListener("click", () => { search.value = button.textContent; show(); search.scrollIntoView(); });
        """
}
