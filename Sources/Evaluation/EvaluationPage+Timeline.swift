// The timeline of one recording: what sounds, and what was heard.

import Reports

extension EvaluationPage {
    /// A drawing that unfolds.
    struct Timeline {
        let recording: RecordingResult
        let classes: [String]
        /// Of all known frames; above 1 where there are none to judge.
        let f1: Double
        let isOpen: Bool

        private static let width = 1000.0, label = 130.0, rowHeight = 22.0

        var html: String {
            guard let detail = recording.detail else { return "" }
            let rows = classes.indices.filter { detail.reference[$0]?.isEmpty == false || !detail.heard[$0].isEmpty }
            let score = f1 <= 1 ? ", F1 \(PageText.number(f1, 3))" : ""
            let head = "\(PageText.escaped(recording.name)): \(PageText.number(recording.duration, 1)) s\(score)"
            guard !rows.isEmpty else {
                return "<details><summary>\(head), nothing sounds and nothing was heard</summary></details>"
            }
            let height = Double(rows.count) * Self.rowHeight + 20
            let body = rows.enumerated().map { row($0.element, y: Double($0.offset) * Self.rowHeight, detail) }.joined()
            return
                "<details\(isOpen ? " open" : "")><summary>\(head)</summary><svg viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" role=\"img\" "
                + "aria-label=\"\(PageText.escaped(recording.name))\">\(body)\(axis(y: height - 6))</svg></details>"
        }

        private func row(_ index: Int, y: Double, _ detail: RecordingResult.Detail) -> String {
            let known = detail.reference[index]
            let name =
                "<text x=\"0\" y=\"\(PageText.number(y + 15, 1))\">\(PageText.escaped(classes[index]))\(known == nil ? " ?" : "")</text>"
            let line =
                "<line x1=\"\(Int(Self.label))\" x2=\"\(Int(Self.width))\" y1=\"\(PageText.number(y + 21, 1))\" y2=\"\(PageText.number(y + 21, 1))\"/>"
            return name + line + (known ?? []).map { bar($0, y: y + 2, "truth") }.joined()
                + detail.heard[index].map { bar($0, y: y + 11, "heard") }.joined()
        }

        private func bar(_ span: TimeSpan, y: Double, _ kind: String) -> String {
            let scale = (Self.width - Self.label) / max(recording.duration, 1e-9)
            let x = Self.label + span.start * scale
            let width = max(1, (min(span.end, recording.duration) - span.start) * scale)
            return
                "<rect class=\"\(kind)\" x=\"\(PageText.number(x, 1))\" y=\"\(PageText.number(y, 1))\" width=\"\(PageText.number(width, 1))\" "
                + "height=\"8\"><title>\(PageText.number(span.start, 2)) to \(PageText.number(span.end, 2)) s</title></rect>"
        }

        private func axis(y: Double) -> String {
            "<text class=\"axis\" x=\"\(Int(Self.label))\" y=\"\(PageText.number(y, 1))\">0 s</text>"
                + "<text class=\"axis\" x=\"\(Int(Self.width))\" y=\"\(PageText.number(y, 1))\" text-anchor=\"end\">"
                + "\(PageText.number(recording.duration, 1)) s</text>"
        }
    }
}
