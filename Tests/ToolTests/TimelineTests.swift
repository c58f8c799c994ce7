// The textual account of a replay.

import Events
import Testing

@testable import timbre

@Suite struct TimelineTests {
    @Test("Each on and off is a line, and the chart has a row per instrument in order of entry")
    func chart() {
        var timeline = Timeline()
        let texts = [
            at(0, on("piano")), at(10, on("flute")), at(12.5, off("piano", after: 12.5)), at(20, activity([:])),
        ].map { timeline.apply($0) }
        #expect(
            texts == [
                "    0.00 s  + piano", "   10.00 s  + flute", "   12.50 s  - piano              after 12.50 s", nil,
            ])
        #expect(
            timeline.chart(width: 36) == [
                "      0:00      0:10",
                "piano █████████████·······   12.5 s",
                "flute ··········██████████   10.0 s",
            ])
    }

    @Test("An instrument shorter than a column still shows")
    func short() {
        var timeline = Timeline()
        for event in [at(30.2, on("drums")), at(30.4, off("drums", after: 0.2)), at(60, health(.ended))] {
            _ = timeline.apply(event)
        }
        #expect(timeline.chart(width: 36).last == "drums ··········█·········    0.2 s")
    }

    @Test("Nothing heard is an empty chart")
    func nothing() {
        #expect(Timeline().chart(width: 80).isEmpty)
    }
}
