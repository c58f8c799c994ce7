// The status socket of a running bridge.

import EventServer
import Events
import Glibc
import JSON
import Synchronization
import System

/// A Unix socket that sends the state as one JSON line to every client that connects, and then closes the connection.
public final class StatusSocket: Sendable {
    private let isStopping = Atomic<Bool>(false)
    private let wakeup: Wakeup
    private let listening: ListeningSocket

    /// Listens at `path` on its own thread, until `stop`.
    public init(path: String, _ status: @escaping @Sendable () -> JSONValue) throws(EventServerError) {
        wakeup = try Wakeup()
        listening = try ListeningSocket(path: path)
        do {
            _ = try BridgeThread("status") { [self] in run(status) }
        } catch {
            throw .system(call: "pthread_create", path: path, code: EAGAIN)
        }
    }

    /// Ends the thread.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    private func run(_ status: () -> JSONValue) {
        while !isStopping.load(ordering: .acquiring) {
            var polled = [listening.descriptor, wakeup.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            guard (try? systemCall { poll(&polled, nfds_t(polled.count), -1) }) != nil else { return }
            guard let client = try? systemCall({ accept(listening.descriptor, nil, nil) }) else { continue }
            // A client that does not read must not delay the replies to others.
            var timeout = timeval(tv_sec: 1, tv_usec: 0)
            setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
            var writer = JSONWriter()
            writer.value(status())
            writer.raw("\n")
            _ = send(client, writer.bytes, writer.bytes.count, Int32(MSG_NOSIGNAL))
            close(client)
        }
    }
}
