// Writes tables of start,end,class.

extension ExportFormat {
    /// A table with the columns start, end and class.
    public static let csv = ExportFormat(
        "csv", ending: ".csv", carriesMarks: false, text: { set, _ in CSVWriter.text(set) })
}

/// Comma-separated values (RFC 4180) with a header: start and end in seconds and the class; a confidence and a MIDI
/// note where an annotation has them.
public enum CSVWriter {
    /// Returns the table.
    public static func text(_ set: AnnotationSet) -> String {
        let hasConfidence = set.annotations.contains { $0.confidence != nil }
        let hasPitch = set.annotations.contains { $0.pitch != nil }
        let header = "start,end,class" + (hasConfidence ? ",confidence" : "") + (hasPitch ? ",pitch" : "") + "\n"
        return set.annotations.reduce(into: header) { text, annotation in
            text += "\(PlainText.seconds(annotation.start)),\(PlainText.seconds(annotation.end)),"
            text += PlainText.field(annotation.instrument)
            if hasConfidence { text += "," + (annotation.confidence.map { PlainText.fixed($0, decimals: 3) } ?? "") }
            if hasPitch { text += "," + (annotation.pitch.map(String.init) ?? "") }
            text += "\n"
        }
    }
}
