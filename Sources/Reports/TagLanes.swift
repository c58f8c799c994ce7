// The clip tags on the timeline: the probability of each instrument, and the time and frequency of the attention.

import Annotations
import Glibc

/// Creates the lanes of tags.
struct TagLanes {
    /// The pitch range of the picture, in Hz.
    private static let lowest = 40.0
    private static let highest = 16_000.0
    /// When the model reports no tags, an instrument whose probability never reaches this value has no lane.
    private static let leastProbable = 0.5

    let axis: TimeAxis

    /// Returns a title, a lane for each instrument that was ever reported, and the attention; empty without windows.
    func lanes(_ windows: [TagWindow]) -> [(kind: String, label: String, plot: String)] {
        var highest: [String: Double] = [:]
        var families: [String: String] = [:]
        // Attention is present for tags that reach the model's threshold.
        let reported = Set(windows.flatMap(\.tags).filter { $0.attention != nil }.map(\.instrument))
        for tag in windows.flatMap(\.tags) {
            highest[tag.instrument] = max(highest[tag.instrument] ?? 0, tag.probability)
            families[tag.instrument] = tag.family
        }
        let shown = highest.filter { tag in
            reported.isEmpty ? tag.value >= Self.leastProbable : reported.contains(tag.key)
        }.keys.sorted {
            (FamilyColour.rank(of: families[$0] ?? ""), $0) < (FamilyColour.rank(of: families[$1] ?? ""), $1)
        }
        guard !shown.isEmpty else { return [] }
        let length = windows.map { $0.end - $0.start }.max() ?? 0
        var lanes = [
            (
                kind: "title",
                label:
                    "<span>Clip tags</span><span class=\"soft\">of the last \(PageText.number(length, length == length.rounded() ? 0 : 1)) s</span>",
                plot: "<div class=\"lane title\"></div>"
            )
        ]
        for instrument in shown {
            lanes.append(
                (
                    "row",
                    "<span>\(PageText.escaped(instrument))</span><span class=\"soft\">up to "
                        + "\(PageText.share(highest[instrument] ?? 0))</span>",
                    probability(instrument, families[instrument] ?? "", windows)
                ))
        }
        if !reported.isEmpty { lanes.append(attention(windows)) }
        return lanes
    }

    private func probability(_ instrument: String, _ family: String, _ windows: [TagWindow]) -> String {
        let points = windows.map { window in
            Curve.Point(
                time: window.time, value: window.tags.first { $0.instrument == instrument }?.probability ?? 0)
        }
        let area = ShapePath(axis: axis, height: 30).area(Curve(points).points)
        return TimelineSection.drawing(
            "row \(FamilyColour.of(family).cssClass)", height: 30, "<path class=\"on\" d=\"\(area)\"/>")
    }

    /// Returns a stroke for each position of a window's attention; its strength is the probability of the tag.
    private func attention(_ windows: [TagWindow]) -> (kind: String, label: String, plot: String) {
        var shapes = [100.0, 1000, 10_000].map { frequency in
            "<line class=\"grid\" x1=\"0\" x2=\"1000\" y1=\"\(y(frequency))\" y2=\"\(y(frequency))\"/>"
        }.joined()
        for tag in windows.flatMap(\.tags) {
            guard let attention = tag.attention else { continue }
            let x = PageText.number(axis.x(attention.time), 2)
            shapes +=
                "<line class=\"\(FamilyColour.of(tag.family).cssClass)\" x1=\"\(x)\" x2=\"\(x)\" "
                + "y1=\"\(y(attention.low))\" y2=\"\(y(attention.high))\" opacity=\"\(PageText.number(tag.probability, 2))\">"
                + "<title>\(PageText.escaped(tag.instrument))</title></line>"
        }
        return (
            "attention", "<span>attention</span><span class=\"soft\">40 Hz to 16 kHz</span>",
            TimelineSection.drawing("attention", height: 110, shapes)
        )
    }

    /// Returns the position of a frequency on a logarithmic scale, with the highest at the top.
    private func y(_ frequency: Double) -> String {
        let clamped = min(max(frequency, Self.lowest), Self.highest)
        return PageText.number((1 - log(clamped / Self.lowest) / log(Self.highest / Self.lowest)) * 110, 1)
    }
}
