// Writes to a descriptor that may block, on its own thread.

import Glibc
import Synchronization
import System

/// Accepts bytes without blocking and writes them on a thread that alone waits for the reader at the other end.
///
/// Pipes, terminals and files on slow disks are handled alike, and no flag of a descriptor that other programs share
/// is changed. One thread at a time calls `offer`; any thread may read the properties. The caller continues to own the
/// descriptor, which must outlive the process or be closed after ``end()``. The owner of the process must ignore
/// SIGPIPE.
public final class OutputThread: Sendable {
    private let descriptor: Int32
    private let capacity: Int
    private let bell: Wakeup
    private let whenWritten: @Sendable () -> Void
    private let pending = Mutex<[UInt8]>([])
    /// Bytes that were accepted and are not written yet.
    private let unwritten = Atomic<Int>(0)
    private let failure = Atomic<Int32>(0)
    private let isEnding = Atomic<Bool>(false)

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - capacity: bytes that may wait; with 0 the next piece is accepted when the previous one is written.
    ///   - name: at most 15 bytes, shown by `ps -L`.
    ///   - whenWritten: called on the output thread when all accepted bytes are written, and when writing fails.
    public init(
        _ descriptor: Int32, capacity: Int, name: String, whenWritten: @escaping @Sendable () -> Void = {}
    ) throws(EventServerError) {
        self.descriptor = descriptor
        self.capacity = capacity
        self.whenWritten = whenWritten
        bell = try Wakeup()
        do throws(SystemError) {
            try DetachedThread.start(name) { [self] in run() }
        } catch {
            throw .system(call: "pthread_create", path: name, code: error.code)
        }
    }

    /// True when all accepted bytes are written or were abandoned after a failure.
    public var isIdle: Bool { unwritten.load(ordering: .acquiring) == 0 }
    /// The errno with which writing failed (EPIPE when the reader has closed, ENOSPC when the disk is full); 0 while
    /// it works. After a failure nothing is accepted.
    public var failureCode: Int32 { failure.load(ordering: .acquiring) }

    /// Accepts all of `bytes`, or none of them when too many bytes wait; never blocks.
    public func offer(_ bytes: some Collection<UInt8>) -> Bool {
        guard failureCode == 0 else { return false }
        let waiting = unwritten.load(ordering: .acquiring)
        guard waiting == 0 || waiting + bytes.count <= capacity else { return false }
        // Only the calling thread adds bytes, so `unwritten` cannot have grown since it was read.
        unwritten.add(bytes.count, ordering: .acquiringAndReleasing)
        pending.withLock { $0 += bytes }
        bell.signal()
        return true
    }

    /// Waits until all accepted bytes are written; returns false when that takes longer than the limit.
    @discardableResult
    public func wait(withinMilliseconds limit: Int) -> Bool {
        let end = SystemClock.monotonic + Int64(limit) * 1_000_000
        while !isIdle {
            guard SystemClock.monotonic < end else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }

    /// Ends the thread as soon as it is not blocked in a write.
    public func end() {
        isEnding.store(true, ordering: .releasing)
        bell.signal()
    }

    private func run() {
        var bytes: [UInt8] = []
        while !isEnding.load(ordering: .acquiring) {
            bytes.removeAll(keepingCapacity: true)
            pending.withLock { swap(&$0, &bytes) }
            guard !bytes.isEmpty else {
                bell.wait()
                continue
            }
            if failureCode == 0 {
                let code = write(bytes)
                if code != 0 { failure.store(code, ordering: .releasing) }
            }
            unwritten.subtract(bytes.count, ordering: .acquiringAndReleasing)
            whenWritten()
        }
    }

    /// Returns 0, or the errno of the write.
    private func write(_ bytes: [UInt8]) -> Int32 {
        var written = 0
        while written < bytes.count {
            do throws(SystemError) {
                written += try systemCall {
                    bytes.withUnsafeBytes { bytes in
                        Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                    }
                }
            } catch {
                guard error.wouldBlock else { return error.code }
                // Another process made the shared descriptor non-blocking.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            }
        }
        return 0
    }
}
