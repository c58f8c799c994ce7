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
        var acceptor = Acceptor()
        while !isStopping.load(ordering: .acquiring) {
            var polled = [
                acceptor.polled(listening.descriptor), pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            let wait = Int32(clamping: acceptor.wait() ?? -1)
            guard (try? systemCall { poll(&polled, nfds_t(polled.count), wait) }) != nil else { return }
            for client in acceptor.accept(listening.descriptor) {
                tell(client, status())
                close(client)
            }
        }
    }

    private func tell(_ client: Int32, _ status: JSONValue) {
        // A client that does not read must not delay the replies to others for longer.
        var timeout = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        _ = fcntl(client, F_SETFL, 0)
        var writer = JSONWriter()
        writer.value(status)
        writer.raw("\n")
        _ = send(client, writer.bytes, writer.bytes.count, Int32(MSG_NOSIGNAL))
    }
}
