// Ends the wait of a thread from any thread, without a lock.

import CLinux
import Glibc
import System

/// An eventfd: any thread may signal it, and the server's `turn` returns. Several signals may be combined into one.
public final class Wakeup: Sendable {
    /// Readable after a signal.
    package let descriptor: Int32

    /// Creates a wakeup; throws when the process has no free descriptor.
    public init() throws(EventServerError) {
        descriptor = try EventServerError.check("eventfd", "wakeup") { timbre_eventfd() }
    }

    deinit {
        close(descriptor)
    }

    /// Wakes the server: one system call, no lock, no allocation. The capture thread must not call it.
    public func signal() {
        var one: UInt64 = 1
        // The write fails only when the counter is full, and the server is awake then.
        _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// Clears the signal.
    package func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
    }

    /// Blocks until the next signal, and clears it.
    func wait() {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = try? systemCall { poll(&polled, 1, -1) }
        drain()
    }
}
