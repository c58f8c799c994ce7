// Reads tables of start,end,class.

/// Comma-separated values with a row for each segment: start and end in seconds, and a class; a confidence and a MIDI
/// note where these columns exist.
///
/// The header may use this project's column names or the usual ones (onset, offset, event_label). Without a header the
/// columns are start, end, class and confidence. Where a column contains the file name (filename, as in DESED), only
/// the rows of the context's recording are read; a row of that recording without times and class means that nothing
/// sounds in it.
public enum CSVReader {
    /// Reads a table.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        let lines = try TextLines(bytes, file: context.file).filled
        guard let first = lines.first else {
            throw context.error("the file is empty: a table without rows requires the header start,end,class", line: 1)
        }
        let head = try fields(first, context)
        let columns = try Columns(head, first.number, context)
        var annotations: [Annotation] = []
        var others: [String] = []
        var isNamed = false
        for line in lines.dropFirst(columns.isHeader ? 1 : 0) {
            let fields = try fields(line, context)
            if let file = columns.recording(fields) {
                guard context.recording == nil || file == context.recording else {
                    if !others.contains(file) { others.append(file) }
                    continue
                }
                isNamed = true
                if columns.isEmpty(fields) { continue }
            }
            annotations.append(try columns.annotation(fields, line.number, context))
        }
        if !isNamed, let other = others.first {
            throw context.error(
                "no row belongs to this recording, \(context.recording ?? ""): the table belongs to \(other)"
                    + (others.count > 1 ? " and \(others.count - 1) more" : ""), line: first.number)
        }
        return ReferenceAnnotations(AnnotationSet(annotations, duration: context.duration))
    }

    private static func fields(_ line: TextLines.Line, _ context: ReadingContext) throws(AnnotationsError) -> [String] {
        guard let fields = CSVFields.split(line.text) else {
            throw context.error("unbalanced quotes", line: line.number)
        }
        return fields
    }

    /// The index of each column.
    private struct Columns {
        var start = 0
        var end = 1
        var label = 2
        var confidence: Int? = 3
        var pitch: Int?
        var file: Int?
        var isHeader = false

        init(_ head: [String], _ line: Int, _ context: ReadingContext) throws(AnnotationsError) {
            guard head.first.flatMap(Double.init) == nil else { return }
            isHeader = true
            func column(_ names: String...) -> Int? { head.firstIndex { names.contains($0.lowercased()) } }
            guard let start = column("start", "onset", "start_time"), let end = column("end", "offset", "end_time"),
                let label = column("class", "instrument", "label", "event_label")
            else {
                throw context.error("the header must name the columns start, end and class", line: line)
            }
            (self.start, self.end, self.label) = (start, end, label)
            confidence = column("confidence")
            pitch = column("pitch", "note")
            // A table with both names files by the first.
            file =
                column("filename", "file", "file_name", "fname", "audio", "audio_file", "audio_filename", "recording")
                ?? column("track", "clip")
        }

        /// Returns the name of the row's recording, without folder and extension; nil where there is no such column.
        func recording(_ fields: [String]) -> String? {
            file.flatMap { $0 < fields.count ? ClipTableReader.recordingName(fields[$0]) : nil }
        }

        /// Returns whether a row contains only its recording.
        func isEmpty(_ fields: [String]) -> Bool {
            [start, end, label].allSatisfy { $0 >= fields.count || fields[$0].isEmpty }
        }

        func annotation(
            _ fields: [String], _ line: Int, _ context: ReadingContext
        ) throws(AnnotationsError) -> Annotation {
            guard fields.count > max(start, end, label) else {
                throw context.error("the row has \(fields.count) fields: expected start, end and class", line: line)
            }
            guard let from = Double(fields[start]), let to = Double(fields[end]) else {
                throw context.error("start and end must be numbers of seconds", line: line)
            }
            if let problem = context.objection(start: from, end: to) { throw context.error(problem, line: line) }
            guard let instrument = context.vocabulary.name(for: fields[label]) else {
                throw context.error(context.vocabulary.objection(to: fields[label]), line: line)
            }
            let sure = confidence.flatMap { $0 < fields.count ? Double(fields[$0]) : nil }
            let note = pitch.flatMap { $0 < fields.count ? Int(fields[$0]) : nil }
            return context.annotation(
                from, to, instrument, confidence: sure.flatMap { (0...1).contains($0) ? $0 : nil },
                pitch: note.flatMap { (0...127).contains($0) ? $0 : nil })
        }
    }
}
