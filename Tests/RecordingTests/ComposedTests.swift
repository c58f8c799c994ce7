// What happens when one thing happens during another.

import Configuration
import Events
import Testing

@testable import Recording

@Suite("Recording, composed")
struct ComposedTests {
    private func change(_ bench: Bench, _ change: (inout RecordSettings) -> Void) {
        var settings = bench.recorder.settings
        change(&settings)
        bench.recorder.apply(settings)
    }

    @Test("What is recorded after the last cause goes on over the end of a part, and a new length of it counts at once")
    func afterPart() throws {
        let bench = try Bench {
            $0.always = true
            $0.after = 5
            $0.partMinutes = 1 / 60
        }
        bench.open()
        bench.hear(to: 500)
        change(bench) { $0.always = false }
        for end in stride(from: 600, through: 7_000, by: 100) { bench.hear(to: end) }
        #expect(try bench.sessions.map(\.manifest.frames) == [1000, 1000, 1000, 1000, 1000, 500])
        #expect(try bench.sessions.map(\.manifest.part) == [1, 2, 3, 4, 5, 6])
        var plan = RecordingPlan()
        plan.begun(at: 0)
        #expect(plan.step(at: 100, cause: nil, isForbidden: false, after: 1_000_000, part: .max) == nil)
        #expect(plan.step(at: 300, cause: nil, isForbidden: false, after: 100, part: .max) == .end)
    }

    @Test("A level that is no longer configured is no cause")
    func level() throws {
        let bench = try Bench { $0.level = -60 }
        bench.open()
        bench.hear(to: 2_000)
        #expect(bench.recorder.session != nil)
        change(bench) { $0.level = nil }
        bench.hear(to: 2_200)
        #expect(bench.recorder.session == nil)
    }

    @Test("A mark before a stop belongs to the session that is stopped")
    func markAndStop() throws {
        let bench = try Bench { $0.always = true }
        bench.open()
        bench.hear(to: 1_000)
        bench.say(.mark(text: "the end"), at: 500)
        bench.recorder.ask(.stop)
        bench.hear(to: 1_200)
        let session = try #require(try bench.sessions.first)
        #expect(session.manifest.marks.map(\.text) == ["the end"] && session.manifest.frames == 1_000)
    }

    @Test("The seconds before a cause that are there stay when their number is changed", arguments: [2.0, 4.0])
    func before(seconds: Double) throws {
        let bench = try Bench { $0.before = 3 }
        bench.open()
        bench.hear(to: 5_000)
        change(bench) { $0.before = seconds }
        bench.recorder.ask(.start)
        bench.hear(to: 5_100)
        bench.finish()
        let session = try #require(try bench.sessions.first)
        let kept = min(3_000, Int(seconds * 1_000))
        #expect(try Bench.samples(session.folder.audio) == (5_000 - kept..<5_100).map(Bench.value))
    }

    @Test("Of a gap in which a session begins, the rest is in its list")
    func gapAtBeginning() throws {
        let bench = try Bench { $0.before = 3 }
        bench.open()
        bench.hear(to: 1_000)
        bench.gap(2_000, streamFrame: 1_500)
        bench.hear(to: 4_500)
        bench.recorder.ask(.start)
        bench.hear(to: 4_600)
        bench.finish()
        let gaps = try #require(try bench.sessions.first).manifest.gaps
        #expect(gaps.map(\.audioFrame) == [0] && gaps.map(\.frames) == [1_500])
    }
}
