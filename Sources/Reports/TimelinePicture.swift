// The timeline as a separate picture, for papers and slides.

import Annotations

/// Creates an SVG with text, black on white: a row for each instrument, as on the page.
public enum TimelinePicture {
    private static let rowHeight = 22.0
    private static let labelWidth = 130.0
    private static let margin = 12.0

    /// Returns the picture; it is `width` units wide, and its height depends on the rows.
    public static func svg(_ content: ReportContent, width: Double = 900) -> String {
        let axis = TimeAxis(start: content.start, end: content.end, width: width - labelWidth - 2 * margin)
        var shapes = ""
        var y = margin + 18
        let top = y
        for stream in content.streams {
            if content.streams.count > 1 {
                y += rowHeight
                shapes += text(stream.name, x: margin, y: y - 6, "font-weight=\"bold\"")
            }
            for row in stream.rows {
                shapes += Self.row(row, axis, y: y)
                y += rowHeight
            }
        }
        let ticks = axis.ticks(count: 8).map { time in
            let x = margin + labelWidth + axis.x(time)
            return
                "<line x1=\"\(number(x))\" x2=\"\(number(x))\" y1=\"\(number(top - 4))\" y2=\"\(number(y))\" stroke=\"#ccc\" "
                + "stroke-width=\"0.5\"/>"
                + text(PageText.clock(time, tenths: false), x: x + 2, y: top - 7, "fill=\"#555\"")
        }
        let marks = content.streams.flatMap(\.marks).map { mark in
            let x = number(margin + labelWidth + axis.x(mark.time))
            return "<line x1=\"\(x)\" x2=\"\(x)\" y1=\"\(number(top - 4))\" y2=\"\(number(y))\" stroke=\"#b3261e\" "
                + "stroke-dasharray=\"3 2\"><title>\(PageText.escaped(mark.text))</title></line>"
        }
        let size = "\(number(width)) \(number(y + margin))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size)" width="\(number(width))" \
            height="\(number(y + margin))" font-family="Helvetica, Arial, Liberation Sans, sans-serif" font-size="11">
            <title>\(PageText.escaped(content.title))</title>
            <rect width="100%" height="100%" fill="#fff"/>
            \(ticks.joined(separator: "\n"))
            \(shapes)\(marks.joined(separator: "\n"))
            </svg>

            """
    }

    private static func row(_ row: InstrumentRow, _ axis: TimeAxis, y: Double) -> String {
        let colour = FamilyColour.of(row.family).light
        let path = ShapePath(axis: axis, height: rowHeight - 5)
        var shapes = "<path d=\"\(path.area(row.activity.points))\" fill=\"#888\" opacity=\"0.25\"/>"
        for segment in row.segments {
            let (x, width) = (axis.x(segment.start), max(0.8, axis.x(segment.end) - axis.x(segment.start)))
            if !row.activity.points.isEmpty {
                shapes +=
                    "<path d=\"\(path.area(row.activity.cut(from: segment.start, to: segment.end)))\" fill=\"\(colour)\" "
                    + "opacity=\"0.5\"/>"
            }
            shapes +=
                "<rect x=\"\(number(x))\" width=\"\(number(width))\" y=\"\(number(rowHeight - 8))\" height=\"3\" "
                + "fill=\"\(colour)\"/>"
        }
        return text(row.instrument, x: margin, y: y + rowHeight - 6, "")
            + "<g transform=\"translate(\(number(margin + labelWidth)) \(number(y)))\">\(shapes)"
            + "<line x2=\"\(number(axis.width))\" y1=\"\(number(rowHeight - 5))\" y2=\"\(number(rowHeight - 5))\" stroke=\"#ccc\" "
            + "stroke-width=\"0.5\"/></g>\n"
    }

    private static func text(_ text: String, x: Double, y: Double, _ attributes: String) -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\" \(attributes)>\(PageText.escaped(text))</text>"
    }

    private static func number(_ value: Double) -> String { PageText.number(value, 2) }
}
