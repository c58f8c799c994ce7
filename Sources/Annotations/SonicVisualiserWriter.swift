// Writes region layers for Sonic Visualiser.

extension ExportFormat {
    /// A region layer of Sonic Visualiser.
    public static let sonicVisualiser = ExportFormat(
        "sv", ending: ".sv.csv", meaning: "a region layer of Sonic Visualiser", carriesMarks: false,
        text: { set, _ in SonicVisualiserWriter.text(set) })
}

/// Comma-separated values for a region layer of Sonic Visualiser: time, value, duration, label. The value is the
/// number of the instrument in alphabetical order from 1, so that every instrument has its own height.
public enum SonicVisualiserWriter {
    /// Returns the layer. It has no header, because older versions read a header as a point of the layer.
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
