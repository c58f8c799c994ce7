// The live view's state as a fold over events.

import Events
import Testing

@testable import timbre

@Suite struct WatchStateTests {
    @Test("Instruments stand in score order, by family and then by name")
    func order() {
        #expect(state(after: hello).instruments == ["flute", "cello", "violin", "drums"])
    }

    @Test("An instrument is on from its on to its off and shows its last level")
    func onAndOff() {
        let sounding = state(after: hello, at(2, on("violin")), at(2.5, activity(["violin": 0.75], peak: -9)))
        #expect(sounding.streams["main"]?.voices["violin"] == WatchState.Voice(level: 0.75, since: 2))
        #expect(sounding.streams["main"]?.time == 2.5 && sounding.streams["main"]?.peak == -9)
        let after = state(after: hello, at(2, on("violin")), at(3, off("violin", after: 1)))
        #expect(after.streams["main"]?.voices["violin"]?.since == nil)
    }

    @Test("A snapshot replaces what was thought to sound")
    func snapshot() {
        let snapshot = Snapshot(
            active: [.init(stream: "main", instrument: "cello", family: "strings", since: 1, confidence: 0.7)],
            health: [.init(stream: "main", state: .running)])
        let after = state(after: hello, at(2, on("violin")), Event(.snapshot(snapshot))).streams["main"]
        #expect(after?.voices["violin"]?.since == nil)
        #expect(after?.voices["cello"]?.since == 1)
        #expect(after?.health == .running)
    }

    @Test("Lost health empties the bars and keeps the sentence")
    func lost() {
        let events = [at(1, activity(["violin": 0.75])), at(1, health(.lost, "unplugged"))]
        let after = state(after: hello, events[0], events[1]).streams["main"]
        #expect(after?.voices["violin"]?.level == 0)
        #expect(after?.peak == nil)
        #expect(after?.message == "unplugged")
    }

    @Test("Gaps are counted, a closing daemon is said, and a new hello starts afresh")
    func trouble() {
        let gap = at(1, .discontinuity(Discontinuity(reason: .xrun, lostSeconds: 0.25)))
        #expect(state(after: hello, gap, gap).streams["main"]?.gaps == 2)
        #expect(state(after: hello, gap).streams["main"]?.message == "gap: xrun, about 0.25 s lost")
        let closing = Event(.closing(reason: "shutdown"))
        #expect(state(after: hello, closing).trouble == "the daemon closed: shutdown")
        #expect(state(after: hello, gap, closing, hello) == state(after: hello))
    }

    @Test("Streams keep apart, and one that nobody announced is taken in")
    func streams() {
        let after = state(after: hello, at(2, on("violin")), at(5, on("flute"), stream: "desk-2"))
        #expect(after.streamNames == ["main", "desk-2"])
        #expect(after.streams["desk-2"]?.voices["violin"] == nil)
        #expect(after.streams["main"]?.time == 2)
    }
}
