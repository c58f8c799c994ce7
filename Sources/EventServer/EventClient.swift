// The client side of the socket, for the tool and for tests.

import Events
import Glibc
import JSON
import System

/// A connection to a daemon: reads lines with a timeout and sends commands. Only one thread at a time may use it.
public final class EventClient {
    /// The result of a read.
    public enum Read: Equatable, Sendable {
        /// A line, without its line feed.
        case line(String)
        /// No data arrived in time.
        case timeout
        /// The daemon closed the connection.
        case closed
    }

    /// The connected descriptor, for a poll loop of the caller; the client continues to own it.
    public let descriptor: Int32
    private let path: String
    private var input: [UInt8] = []
    private var scanned = 0
    private var scratch = [UInt8](repeating: 0, count: 65_536)

    /// Connects to the daemon that listens at `path`.
    public init(path: String) throws(EventServerError) {
        self.path = path
        let address = try SocketAddress(path: path)
        descriptor = try SocketAddress.makeSocket(path: path)
        // `deinit` closes the descriptor: it also runs when an initializer throws with all properties set.
        try EventServerError.check("connect", path) { address.withPointer { connect(descriptor, $0, $1) } }
    }

    deinit {
        close(descriptor)
    }

    /// Returns the next line; waits at most `timeoutMilliseconds` (-1: without limit) for each piece of it.
    public func readLine(timeoutMilliseconds: Int) throws(EventServerError) -> Read {
        while true {
            if let end = input[scanned...].firstIndex(of: 0x0A) {
                let line = String(decoding: input[..<end], as: UTF8.self)
                input.removeFirst(end + 1)
                scanned = 0
                return .line(line)
            }
            scanned = input.count
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = try EventServerError.check("poll", path) {
                poll(&wanted, 1, Int32(clamping: timeoutMilliseconds))
            }
            if ready == 0 { return .timeout }
            let count: Int
            do throws(SystemError) {
                count = try systemCall { recv(descriptor, &scratch, scratch.count, 0) }
            } catch {
                if error.code == ECONNRESET { return .closed }
                throw .system(call: "recv", path: path, code: error.code)
            }
            if count == 0 { return .closed }
            input += scratch[..<count]
        }
    }

    /// Sends a command; its reply arrives among the lines.
    public func send(_ command: String, _ arguments: [JSONValue.Member] = []) throws(EventServerError) {
        var writer = JSONWriter()
        writer.value(.object([.init("command", .string(command))] + arguments))
        writer.raw("\n")
        try sendRaw(writer.bytes)
    }

    /// Sends bytes unchanged.
    public func sendRaw(_ bytes: [UInt8]) throws(EventServerError) {
        var sent = 0
        while sent < bytes.count {
            sent += try EventServerError.check("send", path) {
                bytes.withUnsafeBytes { buffer in
                    Glibc.send(
                        descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent, Int32(MSG_NOSIGNAL))
                }
            }
        }
    }
}
