// Reads Rich Transcription Time Marked files.

/// RTTM as NIST defined it for diarization: `SPEAKER file channel start duration <NA> <NA> name confidence <NA>`.
/// Lines of other types are ignored. Where the file contains several recordings, the lines of the context's recording
/// are read; its name may have `_` instead of spaces. A file of several other recordings is rejected.
public enum RTTMReader {
    /// Reads the lines of one recording.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        var annotations: [Annotation] = []
        let lines = try TextLines(bytes, file: context.file).filled.map { line in
            (number: line.number, fields: line.text.split(whereSeparator: \.isWhitespace))
        }
        let speakers = lines.filter { $0.fields.first == "SPEAKER" }
        let files = Set(speakers.compactMap { $0.fields.dropFirst().first.map(String.init) })
        let names = context.recording.map { [$0, PlainText.word($0, fallback: "audio")] }
        if let names, let line = speakers.first, let other = files.min(), files.count > 1, files.isDisjoint(with: names)
        {
            throw context.error(
                "no line belongs to this recording, \(names[1]): the file belongs to \(other) and \(files.count - 1) more",
                line: line.number)
        }
        for (number, fields) in speakers {
            guard fields.count >= 8, let start = Double(fields[3]), let length = Double(fields[4]) else {
                throw context.error(
                    "expected SPEAKER, file, channel, start, duration, two times <NA> and a name", line: number)
            }
            if files.count > 1, let names, !names.contains(String(fields[1])) { continue }
            if let problem = context.objection(start: start, end: start + length) {
                throw context.error(problem, line: number)
            }
            guard let instrument = context.vocabulary.name(for: fields[7]) else {
                throw context.error(context.vocabulary.objection(to: fields[7]), line: number)
            }
            let confidence = fields.count > 8 ? Double(fields[8]).flatMap { (0...1).contains($0) ? $0 : nil } : nil
            annotations.append(context.annotation(start, start + length, instrument, confidence: confidence))
        }
        if let line = lines.first, speakers.isEmpty {
            throw context.error("no line begins with SPEAKER: this is not an RTTM file", line: line.number)
        }
        return ReferenceAnnotations(AnnotationSet(annotations, duration: context.duration))
    }
}
