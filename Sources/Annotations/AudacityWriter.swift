// Writes Audacity's label tracks.

extension ExportFormat {
    /// A label track of Audacity.
    public static let audacity = ExportFormat(
        "audacity", ending: ".txt", carriesMarks: true, text: { set, _ in AudacityWriter.text(set) })
}

/// Labels in Audacity's import format: start, end and text, separated by tabs. A mark is a point label, whose start
/// equals its end. The format has no escape, so a tab or line end in a mark becomes a space.
public enum AudacityWriter {
    /// Returns the label track.
    public static func text(_ set: AnnotationSet) -> String {
        let segments = set.annotations.map { (start: $0.start, end: $0.end, label: $0.instrument) }
        let marks = set.marks.map { (start: $0.time, end: $0.time, label: $0.text) }
        return (segments + marks).sorted { ($0.start, $0.end) < ($1.start, $1.end) }.map { label in
            "\(PlainText.seconds(label.start))\t\(PlainText.seconds(label.end))\t\(PlainText.line(label.label))\n"
        }.joined()
    }
}
