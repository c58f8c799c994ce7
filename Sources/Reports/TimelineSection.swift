// The timeline of the page: labels on the left, lanes with a common scroll position on the right.

import Annotations

/// Creates the timeline. Every lane has a label of the same height.
struct TimelineSection {
    /// Width of the drawings in their own units; the browser stretches them.
    private static let width = 1000.0

    private let content: ReportContent
    private let axis: TimeAxis

    private init(_ content: ReportContent) {
        self.content = content
        axis = TimeAxis(start: content.start, end: content.end, width: Self.width)
    }

    private struct Lane {
        let kind: String
        let label: String
        let plot: String
    }

    static func html(_ content: ReportContent) -> String {
        let section = TimelineSection(content)
        let lanes = section.lanes
        return """
            <section class="timeline" aria-label="Timeline">
            <div class="labels">
            \(lanes.map { "<div class=\"label \($0.kind)\">\($0.label)</div>" }.joined(separator: "\n"))
            </div>
            <div class="scroller"><div class="plot">
            \(section.overlays)
            \(lanes.map(\.plot).joined(separator: "\n"))
            <div class="cursor" role="slider" tabindex="0" aria-label="Position" aria-valuemin="\(content.start)" \
            aria-valuemax="\(content.end)" aria-valuenow="\(content.start)"></div>
            </div></div>
            </section>
            \(section.legend)
            """
    }

    private var lanes: [Lane] {
        var lanes = [ruler]
        if let waveform = content.waveform { lanes.append(wave(waveform)) }
        for stream in content.streams {
            if content.streams.count > 1 { lanes.append(title(PageText.escaped(stream.name))) }
            if !stream.level.points.isEmpty { lanes.append(level(stream.level)) }
            lanes += stream.rows.map(row)
            lanes += TagLanes(axis: axis).lanes(stream.tags).map { Lane(kind: $0.kind, label: $0.label, plot: $0.plot) }
        }
        return lanes
    }

    private func percent(_ time: Double) -> String { PageText.number(axis.x(time) / Self.width * 100, 3) + "%" }

    private var ruler: Lane {
        let ticks = axis.ticks().map { time in
            "<span class=\"tick\(axis.x(time) > 950 ? " last" : "")\" style=\"left:\(percent(time))\">\(PageText.clock(time, tenths: false))</span>"
        }
        return Lane(kind: "ruler", label: "", plot: "<div class=\"lane ruler\">\(ticks.joined())</div>")
    }

    /// The lines through all lanes: ruler, marks, gaps.
    private var overlays: String {
        let ticks = axis.ticks().map { "<div class=\"tickline\" style=\"left:\(percent($0))\"></div>" }
        let marks = content.streams.flatMap(\.marks).enumerated().map { index, mark in
            "<div class=\"mark\" style=\"left:\(percent(mark.time))\" title=\"\(PageText.escaped(mark.text))\">"
                + "<b>\(index + 1)</b></div>"
        }
        let gaps = content.streams.flatMap(\.gaps).map { gap in
            "<div class=\"gap\" style=\"left:\(percent(gap.time))\" title=\"\(gap.reason)\"></div>"
        }
        return (ticks + gaps + marks).joined(separator: "\n")
    }

    private func title(_ text: String) -> Lane {
        Lane(kind: "title", label: text, plot: "<div class=\"lane title\"></div>")
    }

    private func wave(_ waveform: Waveform) -> Lane {
        let path = ShapePath(axis: axis, height: 64)
        // The waveform is scaled so that the largest sample fills the lane; the level lane below shows the absolute
        // level.
        let peak = max(1e-6, waveform.peak)
        let extent = path.outline(waveform) { ($0.low / peak, $0.high / peak) }
        let energy = path.outline(waveform) { (-$0.rms / peak, $0.rms / peak) }
        return Lane(
            kind: "wave", label: "<span>sound</span>",
            plot: Self.drawing(
                "wave", height: 64, "<path class=\"extent\" d=\"\(extent)\"/><path class=\"energy\" d=\"\(energy)\"/>"))
    }

    /// Returns the lane of a level, from -60 to 0 dB relative to full scale.
    private func level(_ level: Curve) -> Lane {
        let points = level.points.map { Curve.Point(time: $0.time, value: ($0.value + 60) / 60) }
        let line = ShapePath(axis: axis, height: 36).line(points)
        return Lane(
            kind: "level", label: "<span>level</span><span class=\"soft\">−60 to 0 dB</span>",
            plot: Self.drawing("level", height: 36, "<path d=\"\(line)\"/>"))
    }

    private func row(_ row: InstrumentRow) -> Lane {
        let path = ShapePath(axis: axis, height: 30)
        var shapes = "<path class=\"idle\" d=\"\(path.area(row.activity.points))\"/>"
        for segment in row.segments {
            let (x, width) = (axis.x(segment.start), max(0.8, axis.x(segment.end) - axis.x(segment.start)))
            let extent = "x=\"\(PageText.number(x, 2))\" width=\"\(PageText.number(width, 2))\""
            if !row.activity.points.isEmpty {
                shapes +=
                    "<path class=\"on\" d=\"\(path.area(row.activity.cut(from: segment.start, to: segment.end)))\"/>"
            }
            shapes += "<rect class=\"bar\" \(extent) y=\"26\" height=\"4\"/>"
            shapes +=
                "<rect class=\"hit\" \(extent) y=\"0\" height=\"30\"><title>\(Self.words(row, segment))</title></rect>"
        }
        let share = PageText.share(row.total / content.span)
        return Lane(
            kind: "row",
            label:
                "<span>\(PageText.escaped(row.instrument))</span><span class=\"soft\">\(PageText.length(row.total)) · "
                + "\(share)</span>",
            plot: Self.drawing("row \(FamilyColour.of(row.family).cssClass)", height: 30, shapes))
    }

    /// Returns the tooltip of a segment.
    private static func words(_ row: InstrumentRow, _ segment: Annotation) -> String {
        let sure = segment.confidence.map { ", confidence \(PageText.number($0, 2))" } ?? ""
        return PageText.escaped(
            "\(row.instrument) \(PageText.clock(segment.start)) to \(PageText.clock(segment.end)), "
                + "\(PageText.length(segment.end - segment.start))\(sure)")
    }

    /// Returns a drawing that is stretched to the width of its lane. The tables contain the same data as text.
    static func drawing(_ kind: String, height: Int, _ shapes: String) -> String {
        "<svg class=\"lane \(kind)\" viewBox=\"0 0 1000 \(height)\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
            + "\(shapes)</svg>"
    }

    private var legend: String {
        let rows = content.streams.flatMap(\.rows)
        let families = FamilyColour.all.filter { colour in rows.contains { $0.family == colour.family } }
        let entries = families.map { "<span><span class=\"swatch \($0.cssClass)\"></span>\($0.family)</span>" }
        let unheard = Set(content.streams.first?.unheard ?? []).subtracting(rows.map(\.instrument)).sorted()
        let silent =
            unheard.isEmpty
            ? "" : "<p class=\"soft\">Not detected: \(PageText.escaped(unheard.joined(separator: ", "))).</p>"
        let height =
            rows.contains { !$0.activity.points.isEmpty }
            ? "<span>The bar marks the time an instrument was on; the height shows its activity.</span>" : ""
        return "<div class=\"legend\">\(entries.joined())\(height)</div>\(silent)"
    }
}
