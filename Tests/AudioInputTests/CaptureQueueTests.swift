// The queue: marks lie exactly where they were put among the samples.

import AudioCore
import Testing

@testable import AudioInput

@Suite("Capture queue")
struct CaptureQueueTests {
    @Test("samples are read only up to the next mark, and neither reading nor discarding passes one")
    func marksHold() {
        let queue = CaptureQueue(samples: 128, marks: 4)
        var producer = queue.producer
        var consumer = queue.consumer
        let samples = (0..<20).map { Float($0) }
        let pushed = samples.withUnsafeBufferPointer { producer.push($0, channels: 2) }
        let said = producer.mark(.gap(frames: 5, .xrun), wall: 1, monotonic: 2)
        _ = samples.withUnsafeBufferPointer { producer.push($0, channels: 2) }
        #expect(pushed == 10 && said)

        #expect(consumer.backlog == 40 && consumer.readable == 20)
        var buffer = [Float](repeating: -1, count: 64)
        let first = buffer.withUnsafeMutableBufferPointer {
            consumer.read(UnsafeMutableBufferPointer(rebasing: $0[..<6]))
        }
        #expect(first == 6 && Array(buffer[..<6]) == Array(samples[..<6]))
        let early = consumer.nextMark()
        #expect(early == nil)
        let thrown = consumer.discard(100)
        #expect(thrown == 14 && consumer.readable == 0)
        let mark = consumer.nextMark()
        #expect(mark == StreamMark(position: 20, kind: .gap(frames: 5, .xrun), wall: 1, monotonic: 2))
        let rest = buffer.withUnsafeMutableBufferPointer { consumer.read($0) }
        #expect(rest == 20 && Array(buffer[..<20]) == samples)
    }

    @Test("a mark without room is refused, not lost in silence")
    func marksFull() {
        let queue = CaptureQueue(samples: 128, marks: 2)
        var producer = queue.producer
        let results = (0..<3).map { _ in producer.mark(.state(.waiting, code: 0), wall: 0, monotonic: 0) }
        #expect(results == [true, true, false])
    }
}
