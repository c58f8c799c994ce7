// `tcp:`: serves the daemon's lines to clients.

import Events
import Glibc
import System

/// A plain TCP listener: each client receives `hello`, `snapshot` and events as JSON lines, and may subscribe as at
/// the daemon's socket.
final class TCPSink: EventSink {
    static let scheme = "tcp"
    static let form = "tcp:[ADDRESS:]PORT"
    static let summary = "the daemon's JSON lines over plain TCP"
    static let options = [
        SinkOption("clients", .integer(1...1024), "64", help: "maximum number of clients"),
        SinkOption(
            "open", .flag, "false", help: "allow an address that other machines can reach, without access control"),
    ]
    static let usualFilter = SinkFilter(rate: 30)

    /// Number of unread bytes of a client above which its events are held back.
    private static let backlog = 65_536

    /// Number of reads from a client in one turn: what it sends beyond that waits, so that no client holds up the others.
    private static let readsPerTurn = 4

    private struct Client {
        var descriptor: Int32
        var feed = FeedClient()
        var output: [UInt8] = []
        /// The part of a command that has arrived so far.
        var input: [UInt8] = []
        /// Whether a command has arrived.
        var hasAsked = false
        /// Whether the client sends nothing more; it may still read.
        var inputEnded = false
    }

    private let endpoint: HostPort
    private let limit: Int
    private let feed = EventFeed()
    private var listener: Int32 = -1
    private var acceptor = Acceptor()
    private var clients: [Client] = []

    init(_ settings: SinkSettings, _ context: SinkContext) throws(SinkProblem) {
        let text = settings.address
        let isPort = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
        var endpoint = try HostPort(isPort ? "127.0.0.1:\(text)"[...] : text[...], lowest: 0)
        if endpoint.host == "localhost" { endpoint.host = "127.0.0.1" }
        guard endpoint.isLoopback || settings.flag("open") else {
            throw SinkProblem(
                "other machines can reach \(endpoint.host), and there is no access control: add open=true to allow it"
            )
        }
        self.endpoint = endpoint
        limit = settings.integer("clients")
    }

    deinit {
        close()
    }

    func open() throws(SinkFailure) {
        close()
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found) == 0, let address = found?.pointee
        else {
            throw SinkFailure("\(endpoint.host) is not an address of this machine: write a numeric address")
        }
        defer { freeaddrinfo(found) }
        listener = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var yes: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard listener >= 0, bind(listener, address.ai_addr, address.ai_addrlen) == 0, listen(listener, 64) == 0 else {
            throw SinkFailure("cannot listen on \(endpoint.host) port \(endpoint.port): \(SystemError.last)")
        }
    }

    func send(_ events: [SinkEvent]) throws(SinkFailure) {
        feed.append(events)
        try turn()
    }

    var descriptors: [pollfd] {
        [acceptor.polled(listener)]
            + clients.map { client in
                let wanted = (client.inputEnded ? 0 : POLLIN) | (client.output.isEmpty ? 0 : POLLOUT)
                return pollfd(fd: client.descriptor, events: Int16(wanted), revents: 0)
            }
    }

    var turnMilliseconds: Int { acceptor.wait() ?? 1000 }

    func turn() throws(SinkFailure) {
        admit()
        for index in clients.indices.reversed() where !(read(index) && write(index)) {
            Glibc.close(clients[index].descriptor)
            clients.remove(at: index)
        }
    }

    func close() {
        // Sends the last lines, as far as that is possible without waiting.
        for index in clients.indices {
            _ = write(index)
            Glibc.close(clients[index].descriptor)
        }
        clients = []
        if listener >= 0 { Glibc.close(listener) }
        listener = -1
    }

    private func admit() {
        for descriptor in acceptor.accept(listener) {
            guard clients.count < limit else {
                Glibc.close(descriptor)
                continue
            }
            var yes: Int32 = 1
            setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
            setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, socklen_t(MemoryLayout<Int32>.size))
            clients.append(Client(descriptor: descriptor))
        }
    }

    /// Reads commands; returns false when the client has disconnected or sends invalid commands. A client that asked
    /// for something and then closed its side of the connection is still served.
    private func read(_ index: Int) -> Bool {
        guard !clients[index].inputEnded else { return !hasHungUp(clients[index].descriptor) }
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<Self.readsPerTurn {
            do throws(SystemError) {
                let count = try systemCall { recv(clients[index].descriptor, &buffer, buffer.count, 0) }
                if count == 0 {
                    clients[index].inputEnded = true
                    return clients[index].hasAsked
                }
                clients[index].input += buffer[..<count]
            } catch {
                return error.wouldBlock
            }
            while let end = clients[index].input.firstIndex(of: 0x0A) {
                let line = Array(clients[index].input[..<end])
                clients[index].input.removeFirst(end + 1)
                clients[index].hasAsked = true
                guard line.isEmpty || line.withUnsafeBytes({ clients[index].feed.receive($0, isLast: true, feed) })
                else {
                    return false
                }
            }
            guard clients[index].input.count <= FeedClient.commandLimit else { return false }
        }
        return true
    }

    /// Whether the other side is gone altogether.
    private func hasHungUp(_ descriptor: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&polled, 1, 0) > 0
    }

    /// Sends the pending output; returns false when the client has disconnected.
    private func write(_ index: Int) -> Bool {
        while true {
            if clients[index].output.count < Self.backlog {
                for line in clients[index].feed.lines(feed) { clients[index].output += line + [0x0A] }
            }
            guard !clients[index].output.isEmpty else { return true }
            let output = clients[index].output
            do throws(SystemError) {
                let count = try systemCall {
                    Glibc.send(clients[index].descriptor, output, output.count, Int32(MSG_NOSIGNAL))
                }
                clients[index].output.removeFirst(count)
            } catch {
                return error.wouldBlock
            }
        }
    }
}
