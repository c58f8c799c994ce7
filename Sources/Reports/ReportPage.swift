// The report as a self-contained HTML page.

import Events
import JSON

/// Creates the page. It loads nothing from a network, and text of events and files is escaped.
public enum ReportPage {
    /// Returns the complete page.
    public static func html(_ content: ReportContent) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
        script-src 'unsafe-inline'; media-src 'self' data: file:; img-src data:">
        <link rel="icon" href="data:,">
        <title>\(PageText.escaped(content.title))</title>
        <style>
        \(ReportStyle.sheet)
        </style>
        </head>
        <body>
        \(header(content))
        \(player(content))
        <main>
        \(TimelineSection.html(content))
        \(content.streams.map { ReportTables.html($0, of: content) }.joined(separator: "\n"))
        </main>
        <footer>
        <p class="keys"><kbd>space</kbd> plays and pauses, <kbd>←</kbd> <kbd>→</kbd> move by 5 s, with <kbd>shift</kbd> by 1 s, \
        <kbd>+</kbd> <kbd>−</kbd> zoom, a click in the timeline seeks.</p>
        </footer>
        <script type="application/json" id="segments">\(segments(content))</script>
        <script>
        \(ReportScript.text)
        </script>
        </body>
        </html>

        """
    }

    private static func header(_ content: ReportContent) -> String {
        let facts = content.facts.map { fact in
            "<div><dt>\(PageText.escaped(fact.term))</dt><dd>\(PageText.escaped(fact.text))</dd></div>"
        }
        return """
            <header>
            <h1>\(PageText.escaped(content.title))</h1>
            <p class="lead">\(PageText.escaped(lead(content)))</p>
            <dl class="facts">\(facts.joined())</dl>
            </header>
            """
    }

    /// Returns a summary in one sentence.
    static func lead(_ content: ReportContent) -> String {
        let names = Set(content.streams.flatMap { $0.rows.map(\.instrument) })
        let length = PageText.length(content.span)
        guard !names.isEmpty else { return "No instrument was detected in \(length)." }
        let count = names.count == 1 ? "One instrument" : "\(names.count) instruments"
        let most = content.streams.flatMap(\.rows).max { $0.total < $1.total }
        let longest = most.map { "; \($0.instrument) the longest, \(PageText.length($0.total)) in all" } ?? ""
        return "\(count) in \(length)\(longest)."
    }

    private static func player(_ content: ReportContent) -> String {
        let audio = content.audio.map { audio in
            """
            <audio controls preload="metadata" src="\(PageText.escaped(audio.address))"></audio>
            <p class="problem" hidden>The audio cannot be played: the file is missing, or the browser does not \
            support its format.</p>
            """
        }
        return """
            <section class="player" aria-label="Player">
            \(audio ?? "")
            <p class="now"><span class="clock">\(PageText.clock(content.start))</span> <span class="sounding"></span></p>
            <p class="zoom"><button id="wider" title="Zoom out" aria-label="Zoom out">−</button> \
            <button id="closer" title="Zoom in" aria-label="Zoom in">+</button></p>
            </section>
            """
    }

    /// Returns the segments for the script. The result contains no `<`, which could end the element.
    private static func segments(_ content: ReportContent) -> String {
        let several = content.streams.count > 1
        let segments = content.streams.flatMap { stream in
            stream.rows.flatMap { row in
                row.segments.map { segment in
                    JSONValue.object([
                        .init("name", .string(several ? "\(stream.name): \(row.instrument)" : row.instrument)),
                        .init("family", .string(FamilyColour.of(row.family).cssClass)),
                        .init("from", .number(segment.start)), .init("to", .number(segment.end)),
                    ])
                }
            }
        }
        var writer = JSONWriter()
        writer.value(
            .object([
                .init("start", .number(content.start)), .init("end", .number(content.end)),
                .init("segments", .array(segments)),
            ]))
        return String(decoding: writer.bytes, as: UTF8.self).split(separator: "<", omittingEmptySubsequences: false)
            .joined(separator: "\\u003c")
    }
}
