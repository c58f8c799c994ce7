// The order and the names of a set of annotations.

import Testing

@testable import Annotations

@Suite("Annotation set")
struct AnnotationSetTests {
    @Test("annotations come in order of start, then of name, and every name is listed once")
    func order() {
        let set = AnnotationSet([
            Annotation(start: 2, end: 3, instrument: "piano"), Annotation(start: 1, end: 4, instrument: "voice"),
            Annotation(start: 1, end: 2, instrument: "piano"),
        ])
        #expect(set.annotations.map(\.start) == [1, 1, 2])
        #expect(set.annotations.map(\.instrument) == ["piano", "voice", "piano"])
        #expect(set.instruments == ["piano", "voice"])
    }
}
