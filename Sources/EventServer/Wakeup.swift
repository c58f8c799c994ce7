// Ends the wait of a thread from any thread, without a lock.

import CLinux
import Glibc
import System

/// An eventfd: any thread may signal, the server's `turn` returns. Many signals may become one.
public final class Wakeup: Sendable {
    /// Readable after a signal.
    package let descriptor: Int32

    /// Creates one; throws when the process has no descriptor left.
    public init() throws(EventServerError) {
        descriptor = try EventServerError.check("eventfd", "wakeup") { timbre_eventfd() }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the server: one system call, no lock, no memory. Not for the capture thread.
    public func signal() {
        var one: UInt64 = 1
        // It fails only when the counter is full, and then the server is awake anyway.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Makes it unreadable again.
    package func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Blocks until the next signal, and takes it.
    func wait() {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = try? systemCall { poll(&polled, 1, -1) }
        drain()
    }
}
