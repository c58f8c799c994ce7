// Promise 15 for recordings: a stream of ten years.

import Testing

@testable import Recording

@Suite struct DecadeTests {
    @Test("ten years after the first sound, sound, lines and marks lie where they were heard")
    func decade() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 2_000)
        let years = 10 * 366 * 86_400
        let begin = years * Bench.rate
        bench.gap(begin - 2_000, streamFrame: begin / 2)
        bench.hear(to: begin + 4_001)
        bench.say(SourceRecorderTests.on, at: begin / 2 + 500)
        bench.say(SourceRecorderTests.off, at: begin / 2 + 1_000)
        bench.say(.mark(text: "late"), at: begin / 2 + 1_500)
        bench.finish()
        let sessions = try bench.sessions
        #expect(sessions.map(\.manifest.frames) == [2_000, 4_001])
        let last = try #require(sessions.last)
        #expect(try Bench.samples(last.folder.audio) == (begin..<begin + 4_001).map(Bench.value))
        #expect(last.manifest.marks.map(\.audioFrame) == [3_000])
        #expect(try last.annotations(stream: "main").annotations.map(\.start) == [1])
        #expect(try last.annotations(stream: "main").annotations.map(\.end) == [2])
    }
}
