// Reads Audacity's label tracks.

/// Labels in Audacity's export format: start, end and text, separated by tabs. A point label is a mark. A line that
/// begins with a backslash contains the frequencies of the previous label and is ignored.
public enum AudacityReader {
    /// Reads a label track.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        var annotations: [Annotation] = []
        var marks: [AnnotationSet.Mark] = []
        for line in try TextLines(bytes, file: context.file).filled where !line.text.hasPrefix("\\") {
            let fields = line.text.split(separator: "\t", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count >= 2, let start = number(fields[0]), let end = number(fields[1]) else {
                throw context.error("expected start, end and a label with tabs between them", line: line.number)
            }
            if let problem = context.objection(start: start, end: end) {
                throw context.error(problem, line: line.number)
            }
            let label = fields.count > 2 ? CSVFields.trimmed(String(fields[2])) : ""
            if let instrument = context.vocabulary.name(for: label), start < end {
                annotations.append(context.annotation(start, end, instrument))
            } else if start == end {
                marks.append(AnnotationSet.Mark(time: start, text: label))
            } else {
                throw context.error(context.vocabulary.objection(to: label), line: line.number)
            }
        }
        return ReferenceAnnotations(AnnotationSet(annotations, marks: marks, duration: context.duration))
    }

    /// Audacity writes the decimal mark of the user's locale.
    private static func number(_ text: Substring) -> Double? {
        Double(CSVFields.trimmed(String(text.map { $0 == "," ? "." : $0 })))
    }
}
