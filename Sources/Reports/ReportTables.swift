// The tables of the page: figures for each instrument, every segment, marks and gaps.

import Annotations

/// Creates the tables of one stream.
enum ReportTables {
    static func html(_ stream: StreamContent, of content: ReportContent) -> String {
        let name = content.streams.count > 1 ? " · \(PageText.escaped(stream.name))" : ""
        // Marks are numbered across all streams, as on the timeline.
        let earlier = content.streams.prefix { $0.name != stream.name }.reduce(0) { $0 + $1.marks.count }
        return [
            instruments(stream, name, span: content.span), marks(stream, name, after: earlier), gaps(stream, name),
            segments(stream, name),
        ].joined(separator: "\n")
    }

    private static func instruments(_ stream: StreamContent, _ name: String, span: Double) -> String {
        guard !stream.rows.isEmpty else { return "" }
        let rows = stream.rows.sorted { $0.total > $1.total }.map { row in
            let fraction = row.total / span
            return """
                <tr class="\(FamilyColour.of(row.family).cssClass)"><td><span class="swatch"></span>\
                \(PageText.escaped(row.instrument))</td><td class="soft">\(PageText.escaped(row.family))</td>\
                <td class="n">\(PageText.length(row.total))</td>\
                <td class="share"><i style="width:\(PageText.number(min(fraction, 1) * 60, 1))%"></i>\(PageText.share(fraction))</td>\
                <td class="n">\(row.segments.count)</td><td class="n">\(PageText.length(row.longest))</td>\
                <td class="n">\(seek(row.segments.first?.start ?? 0))</td>\
                <td class="n">\(row.confidence.map { PageText.number($0, 2) } ?? "")</td></tr>
                """
        }
        return """
            <h2>Instruments\(name)</h2>
            <table>
            <thead><tr><th>instrument</th><th>family</th><th class="n">time</th><th class="share">share</th>\
            <th class="n">segments</th><th class="n">longest</th><th class="n">first</th><th class="n">confidence</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private static func marks(_ stream: StreamContent, _ name: String, after earlier: Int) -> String {
        guard !stream.marks.isEmpty else { return "" }
        let rows = stream.marks.enumerated().map { index, mark in
            "<tr><td class=\"n\">\(earlier + index + 1)</td><td class=\"n\">\(seek(mark.time))</td>"
                + "<td class=\"text\">\(PageText.escaped(mark.text))</td></tr>"
        }
        return """
            <h2>Marks\(name)</h2>
            <table>
            <thead><tr><th class="n">no.</th><th class="n">at</th><th>text</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private static func gaps(_ stream: StreamContent, _ name: String) -> String {
        guard !stream.gaps.isEmpty else { return "" }
        let rows = stream.gaps.map { gap in
            "<tr><td class=\"n\">\(seek(gap.time))</td><td>\(PageText.escaped(gap.reason))</td>"
                + "<td class=\"n\">\(gap.lost > 0 ? "\(PageText.number(gap.lost, 3)) s" : "")</td></tr>"
        }
        return """
            <h2>Missing audio\(name)</h2>
            <table>
            <thead><tr><th class="n">at</th><th>reason</th><th class="n">about</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            """
    }

    private static func segments(_ stream: StreamContent, _ name: String) -> String {
        let all = stream.rows.flatMap { row in row.segments.map { (row, $0) } }.sorted { $0.1.start < $1.1.start }
        guard !all.isEmpty else { return "" }
        let rows = all.map { row, segment in
            "<tr class=\"\(FamilyColour.of(row.family).cssClass)\"><td class=\"n\">\(seek(segment.start))</td>"
                + "<td class=\"n\">\(PageText.clock(segment.end))</td>"
                + "<td class=\"n\">\(PageText.length(segment.end - segment.start))</td>"
                + "<td><span class=\"swatch\"></span>\(PageText.escaped(row.instrument))</td>"
                + "<td class=\"n\">\(segment.confidence.map { PageText.number($0, 2) } ?? "")</td></tr>"
        }
        return """
            <details>
            <summary>All \(all.count) segments\(name)</summary>
            <table>
            <thead><tr><th class="n">from</th><th class="n">to</th><th class="n">length</th><th>instrument</th>\
            <th class="n">confidence</th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody>
            </table>
            </details>
            """
    }

    /// Returns a time that moves the cursor when it is selected.
    private static func seek(_ time: Double) -> String {
        "<button class=\"seek\" data-time=\"\(PageText.number(time, 6))\">\(PageText.clock(time))</button>"
    }
}
