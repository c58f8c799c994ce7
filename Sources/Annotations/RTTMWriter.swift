// Writes Rich Transcription Time Marked files.

extension ExportFormat {
    /// Rich Transcription Time Marked.
    public static let rttm = ExportFormat("rttm", ending: ".rttm", carriesMarks: false, text: RTTMWriter.text)
}

/// RTTM as NIST defined it for diarization (Rich Transcription 2009 evaluation plan, appendix A), with the instrument
/// as the speaker: `SPEAKER file channel start duration <NA> <NA> name confidence <NA>`. Fields are words: spaces
/// become `_`.
public enum RTTMWriter {
    /// Returns the lines.
    public static func text(_ set: AnnotationSet, about subject: ExportFormat.Subject) -> String {
        let file = PlainText.word(subject.title, fallback: "audio")
        return set.annotations.map { annotation in
            let duration = PlainText.seconds(annotation.end - annotation.start)
            let name = PlainText.word(annotation.instrument, fallback: "unknown")
            let confidence = annotation.confidence.map { PlainText.fixed($0, decimals: 3) } ?? "<NA>"
            return
                "SPEAKER \(file) 1 \(PlainText.seconds(annotation.start)) \(duration) <NA> <NA> \(name) \(confidence) <NA>\n"
        }.joined()
    }
}
