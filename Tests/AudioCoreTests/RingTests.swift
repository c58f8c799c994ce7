// The ring: order, wrapping, refusal, and two threads with checksums (run under the thread sanitizer as well).

import AudioCore
import Glibc
import Testing

@Suite("Ring")
struct RingTests {
    @Test("the capacity is the next power of two")
    func capacity() {
        let ring = Ring<Float>(minimumCapacity: 100)
        #expect(ring.producer.capacity == 128)
        #expect(ring.consumer.capacity == 128)
    }

    @Test("what goes in comes out in order across many wraps, at every block size")
    func order() {
        for block in 1...17 {
            let ring = Ring<Int32>(minimumCapacity: 16)
            var producer = ring.producer
            var consumer = ring.consumer
            var sent: Int32 = 0
            var received: Int32 = 0
            var buffer = [Int32](repeating: 0, count: 7)
            while received < 1_000 {
                let numbers = (0..<Int32(block)).map { sent + $0 }
                sent += Int32(numbers.withUnsafeBufferPointer { producer.push($0) })
                let count = buffer.withUnsafeMutableBufferPointer { consumer.pop(into: $0) }
                for index in 0..<count {
                    #expect(buffer[index] == received)
                    received += 1
                }
            }
            #expect(producer.position == Int(sent) && consumer.position == Int(received))
        }
    }

    @Test("a full ring takes whole frames only, counts what it refused, and never tears a frame")
    func overflow() {
        let ring = Ring<Float>(minimumCapacity: 8)
        var producer = ring.producer
        let consumer = ring.consumer
        let frames = [Float](repeating: 1, count: 12)
        let pushed = frames.withUnsafeBufferPointer { producer.push($0, stride: 3) }
        #expect(pushed == 6)
        #expect(producer.dropped == 6 && consumer.dropped == 6)
        #expect(producer.vacancy == 2 && consumer.count == 6)
    }

    @Test("single elements can be looked at, taken and thrown away")
    func elements() {
        let ring = Ring<Int>(minimumCapacity: 4)
        var producer = ring.producer
        var consumer = ring.consumer
        #expect(consumer.peek() == nil && consumer.pop() == nil)
        for number in 1...4 { #expect(producer.push(number) == true) }
        #expect(!producer.push(5) && consumer.dropped == 1)
        #expect(consumer.peek() == 1 && consumer.pop() == 1)
        #expect(consumer.discard(2) == 2)
        #expect(consumer.pop() == 4 && consumer.discard(9) == 0)
    }

    @Test("two threads at full speed lose, repeat and tear nothing")
    func threads() {
        let total = 2_000_000
        let ring = Ring<UInt32>(minimumCapacity: 1 << 10)
        let writer = Worker(producer: ring.producer, total: total)
        var consumer = ring.consumer
        writer.start()
        var buffer = [UInt32](repeating: 0, count: 333)
        var expected: UInt32 = 0
        var faults = 0
        while Int(expected) < total {
            let count = buffer.withUnsafeMutableBufferPointer { consumer.pop(into: $0) }
            for index in 0..<count {
                if buffer[index] != expected { faults += 1 }
                expected += 1
            }
            if count == 0 { sched_yield() }
        }
        writer.join()
        #expect(faults == 0 && consumer.count == 0)
    }
}

/// Pushes the numbers from 0 on a thread of its own, in blocks of changing size.
private final class Worker {
    private var producer: RingProducer<UInt32>
    private let total: Int
    private var thread = pthread_t()

    init(producer: consuming RingProducer<UInt32>, total: Int) {
        self.producer = producer
        self.total = total
    }

    func start() {
        let this = Unmanaged.passRetained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { opaque in
                guard let opaque else { return nil }
                Unmanaged<Worker>.fromOpaque(opaque).takeRetainedValue().work()
                return nil
            }, this)
    }

    func join() { pthread_join(thread, nil) }

    private func work() {
        var numbers = [UInt32](repeating: 0, count: 257)
        var next = 0
        while next < total {
            let count = min(total - next, 1 + next % 257, producer.vacancy)
            for index in 0..<count { numbers[index] = UInt32(next + index) }
            next += numbers.withUnsafeBufferPointer { producer.push(UnsafeBufferPointer(rebasing: $0.prefix(count))) }
            if count == 0 { sched_yield() }
        }
    }
}
