// The timeline of one recording: the reference above the detections.

import Reports

extension EvaluationPage {
    /// A collapsible timeline.
    struct Timeline {
        let recording: RecordingResult
        let classes: [String]
        /// One CSS class for each instrument class.
        let colours: [String]
        /// F1 over all known frames; above 1 where there is none.
        let f1: Double
        /// The address of the recording's own report.
        let report: String?
        let isOpen: Bool

        var html: String {
            guard let detail = recording.detail else { return "" }
            let rows = classes.indices.filter { detail.reference[$0]?.isEmpty == false || !detail.heard[$0].isEmpty }
            let score = f1 <= 1 ? "F1 \(PageText.number(f1, 3)), " : ""
            let name = PageText.escaped(recording.name)
            let link = report.map { " <a href=\"\(PageText.escaped($0))\">report with sound</a>" } ?? ""
            func summary(_ facts: String) -> String {
                "<summary>\(name) <span class=\"soft\">\(facts)\(PageText.length(recording.duration))\(link)</span></summary>"
            }
            guard !rows.isEmpty else {
                return "<details>\(summary("nothing sounds and nothing was heard, "))</details>"
            }
            return """
                <details\(isOpen ? " open" : "")>\(summary(score))
                <div class="spans">\(rows.map { row($0, detail) }.joined())<span></span><span class="ends"><span>0 s</span>\
                <span>\(PageText.length(recording.duration))</span></span></div>
                </details>
                """
        }

        private func row(_ index: Int, _ detail: RecordingResult.Detail) -> String {
            let known = detail.reference[index]
            let label = PageText.escaped(classes[index]) + (known == nil ? " ?" : "")
            return "<span>\(label)</span><span class=\"lanes \(colours[index])\">"
                + (known ?? []).map { bar($0, "truth") }.joined()
                + detail.heard[index].map { bar($0, "heard") }.joined()
                + "</span>"
        }

        private func bar(_ span: TimeSpan, _ kind: String) -> String {
            let scale = 100 / max(recording.duration, 1e-9)
            let width = (min(span.end, recording.duration) - span.start) * scale
            return "<i class=\"\(kind)\" style=\"left:\(PageText.number(span.start * scale, 2))%;"
                + "width:\(PageText.number(max(0, width), 2))%\" title=\"\(PageText.number(span.start, 2)) to "
                + "\(PageText.number(span.end, 2)) s\"></i>"
        }
    }
}
