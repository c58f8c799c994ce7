// Reads tables with labels of whole recordings.

/// Tables in three forms, distinguished by their header:
///
/// - `clip,...,<classes>`: 1 or a probability of at least 0.5 for present, 0 or less than 0.5 for absent, empty for
///   unknown. Columns before the first class are ignored.
/// - the same with columns `<class>_mask`, where 0 makes the class unknown.
/// - `sample_key,instrument,relevance,...`, the aggregated labels of OpenMIC-2018 (Humphrey, Durand & McFee 2018):
///   pairs without a row are unknown.
///
/// The probability threshold is 0.5, as in Gururani, Sharma & Lerch (2019).
public enum ClipTableReader {
    /// Reads a table; the context's duration is not used.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError) -> ClipTable {
        let lines = try TextLines(bytes, file: context.file).filled
        guard let header = lines.first.flatMap({ CSVFields.split($0.text) }) else {
            throw context.error("the file is empty: expected a header", line: 1)
        }
        if let instrument = header.firstIndex(of: "instrument"), let relevance = header.firstIndex(of: "relevance") {
            return try readPairs(lines.dropFirst(), instrument, relevance, context)
        }
        let columns = try Columns(header, context)
        var rows: [ClipTable.Row] = []
        var seen: Set<String> = []
        for line in lines.dropFirst() {
            let fields = try fields(line, atLeast: header.count, context)
            let name = recordingName(fields[0])
            guard seen.insert(name).inserted else {
                throw context.error("a second row for \(name): remove one", line: line.number)
            }
            rows.append(
                .init(recording: name, line: line.number, presence: try columns.presence(fields, line.number, context)))
        }
        return ClipTable(rows)
    }

    /// Extensions of audio files, in lower case.
    public static let audioEndings = [
        "wav", "flac", "ogg", "oga", "opus", "mp3", "mp2", "aif", "aiff", "m4a", "aac", "au", "caf", "w64", "rf64",
    ]

    /// Returns the name of a recording without folder and extension.
    public static func recordingName(_ path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let ending = audioEndings.first { file.lowercased().hasSuffix("." + $0) }
        return ending.map { String(file.dropLast($0.count + 1)) } ?? file
    }

    private static func fields(
        _ line: TextLines.Line, atLeast count: Int, _ context: ReadingContext
    ) throws(AnnotationsError) -> [String] {
        guard let fields = CSVFields.split(line.text), fields.count >= count else {
            throw context.error(
                "the row has fewer fields than the header, or unbalanced quotes", line: line.number)
        }
        return fields
    }

    /// Returns true for present, false for absent; nil for an empty field.
    private static func presence(
        _ text: String, of name: String, _ line: Int, _ context: ReadingContext
    ) throws(AnnotationsError) -> Bool? {
        if text.isEmpty { return nil }
        guard let value = Double(text), (0...1).contains(value) else {
            throw context.error(
                "\(name) is \"\(text)\": expected 1, 0, a probability between them, or nothing", line: line)
        }
        return value >= 0.5
    }

    private static func readPairs(
        _ lines: ArraySlice<TextLines.Line>, _ instrument: Int, _ relevance: Int, _ context: ReadingContext
    ) throws(AnnotationsError) -> ClipTable {
        var rows: [ClipTable.Row] = []
        var rowOf: [String: Int] = [:]
        for line in lines {
            let fields = try fields(line, atLeast: max(instrument, relevance) + 1, context)
            guard let name = context.vocabulary.name(for: fields[instrument]) else {
                throw context.error(context.vocabulary.objection(to: fields[instrument]), line: line.number)
            }
            let recording = recordingName(fields[0])
            let row = rowOf[recording] ?? rows.count
            if row == rows.count {
                rows.append(.init(recording: recording, line: line.number, presence: [:]))
                rowOf[recording] = row
            }
            rows[row].presence[name] = try presence(fields[relevance], of: name, line.number, context)
        }
        return ClipTable(rows)
    }

    /// The columns of each class.
    private struct Columns {
        private var classes: [(name: String, column: Int, mask: Int?)] = []

        init(_ header: [String], _ context: ReadingContext) throws(AnnotationsError) {
            guard let first = header.firstIndex(where: { context.vocabulary.name(for: $0) != nil }), first > 0 else {
                throw context.error("the header must name the recording first, and then classes", line: 1)
            }
            for column in first..<header.count where !header[column].hasSuffix("_mask") {
                guard let name = context.vocabulary.name(for: header[column]) else {
                    throw context.error(context.vocabulary.objection(to: header[column]), line: 1)
                }
                guard !classes.contains(where: { $0.name == name }) else {
                    throw context.error("duplicate column \(name)", line: 1)
                }
                classes.append((name, column, header.firstIndex(of: header[column] + "_mask")))
            }
        }

        func presence(
            _ fields: [String], _ line: Int, _ context: ReadingContext
        ) throws(AnnotationsError) -> [String: Bool] {
            var known: [String: Bool] = [:]
            for (name, column, mask) in classes {
                if let mask, try ClipTableReader.presence(fields[mask], of: name + "_mask", line, context) != true {
                    continue
                }
                known[name] = try ClipTableReader.presence(fields[column], of: name, line, context)
            }
            return known
        }
    }
}
