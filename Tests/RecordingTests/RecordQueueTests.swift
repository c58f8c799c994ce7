// The queue to the recorder: nothing is lost silently, and the clock never errs.

import AudioCore
import Events
import Testing

@testable import Recording

@Suite("Record queue")
struct RecordQueueTests {
    static let mono = AudioFormat(sampleRate: 1000, channels: 1)

    static func push(_ samples: [Float], _ producer: inout RecordProducer) {
        samples.withUnsafeBufferPointer { producer.push($0) }
    }

    static func read(_ consumer: inout RecordConsumer, _ count: Int = 10_000) -> [Float] {
        var samples = [Float](repeating: 0, count: count)
        let got = samples.withUnsafeMutableBufferPointer { consumer.read($0) }
        return Array(samples.prefix(got))
    }

    static func marks(_ consumer: inout RecordConsumer) -> [RecordMark] {
        var marks: [RecordMark] = []
        while let mark = consumer.nextMark() { marks.append(mark) }
        return marks
    }

    @Test("marks say at which sample they hold, and where that stands on a clock that counts what is missing")
    func order() {
        let queue = RecordQueue(samples: 64, marks: 512)
        var producer = queue.producer
        var consumer = queue.consumer
        producer.open(Self.mono, wall: 5)
        producer.anchor(stream: 0, frame: 0)
        Self.push([1, 2, 3], &producer)
        producer.gap(frames: 10, .xrun, wall: 9)
        producer.anchor(stream: 0, frame: 2)
        Self.push([4], &producer)
        producer.end()
        #expect(consumer.available == 4)
        #expect(
            Self.marks(&consumer) == [
                .init(sample: 0, position: 0, kind: .opened(Self.mono, continues: false), wall: 5),
                .init(sample: 0, position: 0, kind: .anchor(stream: 0, frame: 0), wall: 5),
                .init(sample: 3, position: 13, kind: .gap(frames: 10, .xrun), wall: 9),
                .init(sample: 3, position: 13, kind: .anchor(stream: 0, frame: 2), wall: 9),
                .init(sample: 4, position: 14, kind: .ended, wall: 1_000_009),
            ])
        #expect(Self.read(&consumer) == [1, 2, 3, 4])
    }

    @Test("a full queue drops frames, counts them, and says so before the next ones; the clock goes on")
    func full() {
        let queue = RecordQueue(samples: 64, marks: 512)
        var producer = queue.producer
        var consumer = queue.consumer
        producer.open(Self.mono, wall: 0)
        Self.push((0..<100).map(Float.init), &producer)
        // Not as soon as there is any room: one long gap is better than many short ones.
        _ = Self.read(&consumer, 10)
        Self.push([1], &producer)
        _ = Self.read(&consumer, 54)
        Self.push([2, 3], &producer)
        let marks = Self.marks(&consumer)
        #expect(marks.last == .init(sample: 64, position: 101, kind: .dropped(frames: 37), wall: 101_000_000))
        #expect(Self.read(&consumer) == [2, 3])
        producer.end()
        #expect(Self.marks(&consumer).last?.position == 103)
    }

    @Test("when even the marks do not fit, all is said again: format, place and anchors")
    func broken() {
        let queue = RecordQueue(samples: 4096, marks: 512)
        var producer = queue.producer
        var consumer = queue.consumer
        producer.open(Self.mono, wall: 0)
        for index in 0..<600 {
            Self.push([0], &producer)
            producer.gap(frames: 1, .xrun, wall: Int64(index) * 2_000_000)
            producer.anchor(stream: 0, frame: Int64(index))
        }
        Self.push([7], &producer)
        _ = Self.read(&consumer)
        #expect(Self.marks(&consumer).count == 512)
        Self.push([8, 9], &producer)
        let marks = Self.marks(&consumer)
        #expect(marks.map(\.kind) == [.opened(Self.mono, continues: false), .anchor(stream: 0, frame: 599)])
        #expect(marks.map(\.position) == [1201, 1200])
        #expect(Self.read(&consumer) == [8, 9])
    }

    @Test("an event stands where the sound it is about ends, and at a gap where the gap begins")
    func timeline() {
        var timeline = StreamTimeline(streamRate: 44_100)
        timeline.add(.init(frame: 0, position: 0, rate: 48_000), stream: "a")
        timeline.add(.init(frame: 44_100, position: 96_000, rate: 48_000), stream: "a")
        #expect(timeline.position(of: 44_100, stream: "a") == 48_000)
        #expect(timeline.position(of: 44_100 + 441, stream: "a") == 96_480)
        #expect(timeline.position(of: 0, stream: "a") == 0)
        #expect(timeline.position(of: 0, stream: "b") == nil)
        #expect(timeline.anchors(of: "a", from: 50_000, to: 90_000).map(\.frame) == [0])
        #expect(timeline.anchors(of: "a", from: 50_000, to: 96_000).map(\.frame) == [0, 44_100])
        #expect(timeline.anchors(of: "a", from: 96_000, to: 97_000).map(\.frame) == [44_100])
    }
}
