// What docs/adding.md says of export formats, done: one line for each annotation.

import Annotations
import Testing

extension ExportFormat {
    fileprivate static let lines = ExportFormat(
        "lines", ending: ".lines", meaning: "a line for each annotation", carriesMarks: false
    ) {
        set, subject in
        Array(set.annotations.map { "\(subject.title): \($0.instrument) from \($0.start)\n" }.joined().utf8)
    }
}

@Suite("An export format that was added") struct AddedFormatTests {
    @Test("is found by its name and written like all others") func lines() throws {
        let format = try #require(ExportFormat(named: "lines", among: ExportFormat.all + [.lines]))
        let set = AnnotationSet([Annotation(start: 0.5, end: 1, instrument: "violin", confidence: nil)], duration: 2)
        #expect(
            String(decoding: format.encode(set, about: Examples.subject), as: UTF8.self) == "a song: violin from 0.5\n")
        #expect(ExportFormat(named: "lines") == nil)
    }

    @Test("no two formats have one name, or one ending, by which annotate tells their files apart") func table() {
        let formats = ExportFormat.all
        #expect(Set(formats.map(\.name)).count == formats.count && Set(formats.map(\.ending)).count == formats.count)
    }
}
