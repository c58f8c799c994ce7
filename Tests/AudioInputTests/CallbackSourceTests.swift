// Push devices: order, losses and failures of the queue, with plain numbers.

import AudioCore
import Testing

@testable import AudioInput

@Suite("Callback source") struct CallbackSourceTests {
    private func push(_ queue: CallbackQueue, _ samples: [Float]) {
        samples.withUnsafeBufferPointer { queue.push($0, channels: 2) }
    }

    private func take(_ queue: CallbackQueue, frames: Int) -> (ReadResult, [Float]) {
        var buffer = [Float](repeating: -1, count: 2 * frames)
        let result = queue.take(&buffer, capacity: frames, channels: 2)
        guard case .frames(let count) = result else { return (result, []) }
        return (result, Array(buffer[..<(2 * count)]))
    }

    @Test("frames that find no room are told of behind those that did, once, and the queue goes on")
    func overflow() throws {
        let queue = try CallbackQueue(capacity: 8)
        push(queue, [1, 2, 3, 4])
        push(queue, [5, 6, 7, 8])
        push(queue, [9, 10])
        #expect(take(queue, frames: 1) == (.frames(1), [1, 2]))
        // There would be room now, but a frame is missing before this one.
        push(queue, [11, 12])
        #expect(take(queue, frames: 8) == (.frames(3), [3, 4, 5, 6, 7, 8]))
        #expect(take(queue, frames: 8) == (.lost(2), []))
        push(queue, [13, 14])
        #expect(take(queue, frames: 8) == (.frames(1), [13, 14]))
        #expect(take(queue, frames: 8) == (.nothing, []))
    }

    @Test("what came before a failure is delivered before it; a loss of unknown size is told once")
    func failure() throws {
        let queue = try CallbackQueue(capacity: 8)
        push(queue, [1, 2])
        queue.lose()
        queue.lose()
        queue.fail(19)
        #expect(take(queue, frames: 4) == (.frames(1), [1, 2]))
        #expect(take(queue, frames: 4) == (.lost(0), []))
        #expect(take(queue, frames: 4) == (.failed(code: 19), []))
        #expect(take(queue, frames: 4) == (.failed(code: 19), []))
    }

    @Test("a wait ends when something is pushed, and in time when nothing is")
    func wait() throws {
        let queue = try CallbackQueue(capacity: 8)
        #expect(!queue.wait(milliseconds: 1))
        push(queue, [1, 2])
        #expect(queue.wait(milliseconds: 10_000))
        #expect(!queue.wait(milliseconds: 1))
    }
}
