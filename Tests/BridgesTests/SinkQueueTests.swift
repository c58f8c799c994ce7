// What waits for a slow sink.

import Events
import Testing

@testable import Bridges

@Suite struct SinkQueueTests {
    @Test("Events come out in order")
    func order() throws {
        let queue = try SinkQueue(capacity: 8)
        for second in 0..<5 { queue.append(SinkEvent(Say.mark("x", at: Double(second)))) }
        let batch = queue.take()
        #expect(batch.events.map { $0.event.position?.time.seconds } == [0, 1, 2, 3, 4] && batch.lost == 0)
        #expect(queue.take().events.isEmpty)
    }

    @Test("In a long queue the newest levels take the place of those of the same stream")
    func levels() throws {
        let queue = try SinkQueue(capacity: 8)
        for second in 0..<100 { queue.append(SinkEvent(Say.levels(at: Double(second)))) }
        queue.append(SinkEvent(Say.levels(at: 0, stream: "desk.2")))
        queue.append(SinkEvent(Say.on("violin", "strings")))
        let batch = queue.take()
        #expect(batch.lost == 0 && batch.events.count <= 8)
        #expect(batch.events.contains { $0.event.position?.time.seconds == 99 })
        #expect(batch.events.last?.event.kind == .on)
    }

    @Test("A queue that overflows says how much was lost, and begins again")
    func overflow() throws {
        let queue = try SinkQueue(capacity: 8)
        for second in 0..<20 { queue.append(SinkEvent(Say.mark("x", at: Double(second)))) }
        let batch = queue.take()
        #expect(batch.events.isEmpty && batch.lost == 20)
        queue.append(SinkEvent(Say.mark("y")))
        #expect(queue.take().events.count == 1)
    }
}
