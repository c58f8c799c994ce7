// The figures of a report.

import Annotations
import Testing

@testable import Reports

@Suite("Stream content")
struct StreamContentTests {
    @Test("rows are in score order, with times, segments and confidences that follow from the events")
    func rows() throws {
        let stream = StreamContent(try ReportExamples.log(), stream: "main", until: 10)
        #expect(stream.rows.map(\.instrument) == ["flute", "cello"])
        #expect(stream.unheard == ["piano"])
        let cello = stream.rows[1]
        #expect(cello.total == 5 && cello.longest == 3 && cello.segments.count == 2 && cello.confidence == 0.75)
        #expect(stream.marks.map(\.time) == [6])
        #expect(stream.gaps == [.init(time: 7, reason: "xrun", lost: 0.25)])
        #expect(stream.level.points.allSatisfy { $0.value == -30 })
        #expect(stream.tags.count == 1)
    }

    @Test("a confidence is the mean over the time that it stands for")
    func confidence() {
        func row(_ segments: [Annotation]) -> InstrumentRow {
            InstrumentRow(instrument: "a", family: "", segments: segments, activity: Curve([]))
        }
        let long = Annotation(start: 0, end: 3, instrument: "a", confidence: 0.5)
        let short = Annotation(start: 4, end: 5, instrument: "a", confidence: 0.9)
        #expect(abs((row([long, short]).confidence ?? 0) - 0.6) < 1e-9)
        #expect(row([Annotation(start: 0, end: 1, instrument: "a")]).confidence == nil)
        #expect(row([]).longest == 0)
    }

    @Test("the first sentence counts instruments, and says when there are none")
    func lead() throws {
        #expect(
            ReportPage.lead(try ReportExamples.content()) == "2 instruments in 10.0 s; cello the longest, 5.0 s in all."
        )
        let silent = ReportContent(title: "", end: 75, streams: [StreamContent(name: "main")])
        #expect(ReportPage.lead(silent) == "No instrument was detected in 1:15.")
    }
}
