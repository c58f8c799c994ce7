// Curves and segments as SVG paths.

import Annotations

/// Paths in a row of height `height`, with values growing upwards from its lower edge.
struct ShapePath {
    let axis: TimeAxis
    let height: Double

    /// Returns the area below a curve of values from 0 to 1; empty without points.
    func area(_ points: [Curve.Point]) -> String {
        guard let first = points.first, let last = points.last else { return "" }
        let line = points.map { "L\(at($0.time)) \(up($0.value))" }.joined()
        return "M\(at(first.time)) \(up(0))\(line)L\(at(last.time)) \(up(0))Z"
    }

    /// Returns a line through values from 0 to 1.
    func line(_ points: [Curve.Point]) -> String {
        points.enumerated().map { "\($0.offset == 0 ? "M" : "L")\(at($0.element.time)) \(up($0.element.value))" }
            .joined()
    }

    /// Returns the outline of a waveform with the zero line in the middle; `extent` returns a column's lower and upper
    /// edge.
    func outline(_ waveform: Waveform, _ extent: (Waveform.Column) -> (Float, Float)) -> String {
        let step = waveform.duration / Double(max(1, waveform.columns.count))
        func y(_ value: Float) -> String { number((0.5 - Double(min(max(value, -1), 1)) / 2) * height) }
        var upper = ""
        var lower: [String] = []
        for (index, column) in waveform.columns.enumerated() {
            let time = (Double(index) + 0.5) * step
            guard time >= axis.start, time <= axis.end else { continue }
            let (low, high) = extent(column)
            upper += "\(upper.isEmpty ? "M" : "L")\(at(time)) \(y(high))"
            lower.append("L\(at(time)) \(y(low))")
        }
        return upper.isEmpty ? "" : upper + lower.reversed().joined() + "Z"
    }

    /// Returns the position of a time, as text.
    func at(_ time: Double) -> String { number(axis.x(time)) }

    private func up(_ value: Double) -> String { number((1 - min(max(value, 0), 1)) * height) }

    /// Formats a number with two decimals without trailing zeros, because numbers are most of a page.
    private func number(_ value: Double) -> String {
        var text = PageText.number(value, 2)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
