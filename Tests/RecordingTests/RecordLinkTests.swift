// The lane to the recorder: nothing is lost silently, and the clock never errs.

import AudioCore
import Events
import Testing

@testable import Recording

@Suite("Record link")
struct RecordLinkTests {
    static let mono = AudioFormat(sampleRate: 1000, channels: 1)

    static func push(_ samples: [Float], _ tap: inout RecordTap) {
        samples.withUnsafeBufferPointer { tap.push($0) }
    }

    static func read(_ feed: inout RecordFeed, _ count: Int = 10_000) -> [Float] {
        var samples = [Float](repeating: 0, count: count)
        let got = samples.withUnsafeMutableBufferPointer { feed.read($0) }
        return Array(samples.prefix(got))
    }

    static func marks(_ feed: inout RecordFeed) -> [RecordMark] {
        var marks: [RecordMark] = []
        while let mark = feed.nextMark() { marks.append(mark) }
        return marks
    }

    @Test("marks say at which sample they hold, and where that stands on a clock that counts what is missing")
    func order() {
        let link = RecordLink(samples: 64, marks: 512)
        var tap = link.tap
        var feed = link.feed
        tap.open(Self.mono, wall: 5)
        tap.anchor(stream: 0, frame: 0)
        Self.push([1, 2, 3], &tap)
        tap.gap(frames: 10, .xrun, wall: 9)
        tap.anchor(stream: 0, frame: 2)
        Self.push([4], &tap)
        tap.end()
        #expect(feed.available == 4)
        #expect(
            Self.marks(&feed) == [
                .init(position: 0, place: 0, kind: .opened(Self.mono, continues: false), wall: 5),
                .init(position: 0, place: 0, kind: .anchor(stream: 0, frame: 0), wall: 5),
                .init(position: 3, place: 13, kind: .gap(frames: 10, .xrun), wall: 9),
                .init(position: 3, place: 13, kind: .anchor(stream: 0, frame: 2), wall: 9),
                .init(position: 4, place: 14, kind: .ended, wall: 9),
            ])
        #expect(Self.read(&feed) == [1, 2, 3, 4])
    }

    @Test("a full lane drops frames, counts them, and says so before the next ones; the clock goes on")
    func full() {
        let link = RecordLink(samples: 64, marks: 512)
        var tap = link.tap
        var feed = link.feed
        tap.open(Self.mono, wall: 0)
        Self.push((0..<100).map(Float.init), &tap)
        // Not as soon as there is any room: one long gap is better than many short ones.
        _ = Self.read(&feed, 10)
        Self.push([1], &tap)
        _ = Self.read(&feed, 54)
        Self.push([2, 3], &tap)
        let marks = Self.marks(&feed)
        #expect(marks.last == .init(position: 64, place: 101, kind: .dropped(frames: 37), wall: 0))
        #expect(Self.read(&feed) == [2, 3])
        tap.end()
        #expect(Self.marks(&feed).last?.place == 103)
    }

    @Test("when even the marks do not fit, all is said again: format, place and anchors")
    func broken() {
        let link = RecordLink(samples: 4096, marks: 512)
        var tap = link.tap
        var feed = link.feed
        tap.open(Self.mono, wall: 0)
        for index in 0..<600 {
            Self.push([0], &tap)
            tap.gap(frames: 1, .xrun, wall: Int64(index) * 2_000_000)
            tap.anchor(stream: 0, frame: Int64(index))
        }
        Self.push([7], &tap)
        _ = Self.read(&feed)
        #expect(Self.marks(&feed).count == 512)
        Self.push([8, 9], &tap)
        let marks = Self.marks(&feed)
        #expect(marks.map(\.kind) == [.opened(Self.mono, continues: false), .anchor(stream: 0, frame: 599)])
        #expect(marks.map(\.place) == [1201, 1200])
        #expect(Self.read(&feed) == [8, 9])
    }

    @Test("an event stands where the sound it is about ends, and at a gap where the gap begins")
    func timeline() {
        var timeline = StreamTimeline(streamRate: 44_100)
        timeline.add(.init(frame: 0, place: 0, rate: 48_000), stream: "a")
        timeline.add(.init(frame: 44_100, place: 96_000, rate: 48_000), stream: "a")
        #expect(timeline.place(of: 44_100, stream: "a") == 48_000)
        #expect(timeline.place(of: 44_100 + 441, stream: "a") == 96_480)
        #expect(timeline.place(of: 0, stream: "a") == 0)
        #expect(timeline.place(of: 0, stream: "b") == nil)
        #expect(timeline.anchors(of: "a", from: 50_000, to: 90_000).map(\.frame) == [0])
        #expect(timeline.anchors(of: "a", from: 50_000, to: 96_000).map(\.frame) == [0, 44_100])
        #expect(timeline.anchors(of: "a", from: 96_000, to: 97_000).map(\.frame) == [44_100])
    }
}
