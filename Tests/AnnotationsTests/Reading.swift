// Reads references from text in tests.

@testable import Annotations

/// The classes of these tests.
let vocabulary = Vocabulary([
    "bass", "cello", "cymbals", "drums", "mallet_percussion", "piano", "viola", "violin", "voice",
])

/// Reads `text` as `x.ENDING` of ten seconds, or of `duration`.
func read(_ format: ReferenceFormat, _ text: String, duration: Double? = 10) throws -> ReferenceAnnotations {
    try format.read(Array(text.utf8), context("x", duration))
}

/// What a reader says against `text`.
func objection(_ format: ReferenceFormat, _ text: String, duration: Double? = 10) -> String? {
    do {
        _ = try read(format, text, duration: duration)
        return nil
    } catch {
        return "\(error)"
    }
}

/// The context of a file that messages call `file`.
func context(_ file: String, _ duration: Double? = 10) -> ReadingContext {
    ReadingContext(file: file, vocabulary: vocabulary, duration: duration, recording: "x")
}
