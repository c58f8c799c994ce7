// Annotations that are hard to write, for the tests of every format.

import Annotations
import TestSupport

/// Sets that between them use everything a format must carry.
enum Examples {
    /// Text that breaks formats which do not escape.
    static let nasty = "a \"quote\", a\ttab,\r\n\r\na line --> 00:01 <b>&amp;</b> \u{1}\u{7F}\u{2028}Grüße 🎻"

    static let subject = ExportFormat.Subject(title: "a song", software: "timbred 0.1.0")

    /// Overlapping segments of three instruments, one without confidence, and marks.
    static let set = AnnotationSet(
        [
            Annotation(start: 0, end: 2.5, instrument: "piano", confidence: 0.875),
            Annotation(start: 1.25, end: 4.000001, instrument: "violin", confidence: 1),
            Annotation(start: 3, end: 3.5, instrument: "piano", confidence: 0),
            Annotation(start: 7.123456, end: 10, instrument: "drums"),
        ], marks: [.init(time: 2, text: "solo begins"), .init(time: 9.9, text: nasty)], duration: 10)

    /// Random segments in which no instrument overlaps itself.
    static func random(
        seed: UInt64, instruments: [String] = ["bassoon", "cello", "drums", "flute", "piano", "trumpet"]
    ) -> AnnotationSet {
        var generator = SeededGenerator(seed)
        var annotations: [Annotation] = []
        for instrument in instruments {
            var time = 0
            for _ in 0..<Int.random(in: 0..<6, using: &generator) {
                let start = time + Int.random(in: 0..<4_000_000, using: &generator)
                time = start + 2_000 + Int.random(in: 0..<9_000_000, using: &generator)
                annotations.append(
                    Annotation(
                        start: Double(start) / 1e6, end: Double(time) / 1e6, instrument: instrument,
                        confidence: Double(Int.random(in: 0..<1001, using: &generator)) / 1000))
                time += 2_000
            }
        }
        return AnnotationSet(annotations, duration: 80)
    }
}
