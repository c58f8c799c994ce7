// Threads are started with their name, their signals and their priority.

import Glibc
import Synchronization
import System
import Testing

@Suite("A detached thread") struct DetachedThreadTests {
    private struct Facts: Sendable {
        var name: String
        var blocksTermination: Bool
    }

    /// What a thread that is started so finds of itself.
    private static func facts(_ name: String, blocksSignals: Bool) throws -> Facts {
        let found = Shared<Facts?>(nil)
        try DetachedThread.start(name, blocksSignals: blocksSignals) {
            var bytes = [UInt8](repeating: 0, count: 64)
            let descriptor = open("/proc/thread-self/comm", O_RDONLY)
            defer { close(descriptor) }
            let count = read(descriptor, &bytes, bytes.count)
            // A line feed stands at the end.
            let name = String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self)
            found.set(Facts(name: name, blocksTermination: Self.isTerminationBlocked))
        }
        return try #require(found.wait())
    }

    private static var isTerminationBlocked: Bool {
        var mask = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        return sigismember(&mask, SIGTERM) == 1
    }

    private final class Shared<Value: Sendable>: Sendable {
        private let value: Mutex<Value>

        init(_ value: Value) { self.value = Mutex(value) }

        func set(_ new: Value) { value.withLock { $0 = new } }

        func wait<Wrapped>() -> Wrapped? where Value == Wrapped? {
            for _ in 0..<10_000 {
                if let value = value.withLock({ $0 }) { return value }
                SystemClock.sleep(nanoseconds: 1_000_000)
            }
            return nil
        }
    }

    @Test("has its name, of a long one what fits, cut between characters")
    func names() throws {
        #expect(try Self.facts("capture", blocksSignals: false).name == "capture")
        #expect(try Self.facts("a name of 17 bytes", blocksSignals: false).name == "a name of 17 by")
        #expect(try Self.facts("fourteen bytesé", blocksSignals: false).name == "fourteen bytes")
    }

    @Test("takes no signal where it is told so, and leaves the mask of its starter alone")
    func signals() throws {
        let before = Self.isTerminationBlocked
        #expect(try Self.facts("deaf", blocksSignals: true).blocksTermination)
        #expect(try Self.facts("hearing", blocksSignals: false).blocksTermination == before)
        #expect(Self.isTerminationBlocked == before)
    }

    @Test("runs although a priority that does not exist is refused")
    func priority() throws {
        let ran = Shared<Bool?>(nil)
        #expect(try !DetachedThread.start("real-time", priority: 1_000) { ran.set(true) })
        #expect(ran.wait() == true)
    }
}
