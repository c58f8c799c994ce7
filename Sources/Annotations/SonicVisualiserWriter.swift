// Writes region layers for Sonic Visualiser.

extension ExportFormat {
    /// A region layer of Sonic Visualiser.
    public static let sonicVisualiser = ExportFormat(
        "sv", ending: ".svl", meaning: "a region layer of Sonic Visualiser", carriesMarks: false,
        text: { set, _ in SonicVisualiserWriter.text(set) })
}

/// Comma-separated values as Sonic Visualiser reads them into a region layer: time, value, duration, label. The value is
/// the number of the instrument in alphabetical order from 1, so that every instrument lies at a height of its own.
public enum SonicVisualiserWriter {
    /// The layer. It has no header: older versions take one for a point of the layer.
    public static func text(_ set: AnnotationSet) -> String {
        let instruments = set.instruments
        return set.annotations.map { annotation in
            let height = (instruments.firstIndex(of: annotation.instrument) ?? 0) + 1
            let duration = PlainText.seconds(annotation.end - annotation.start)
            let label = PlainText.field(PlainText.line(annotation.instrument))
            return "\(PlainText.seconds(annotation.start)),\(height),\(duration),\(label)\n"
        }.joined()
    }
}
