// One connection: its subscription, its queue and its descriptor.

import Events
import Glibc
import JSON

/// A connected client. Extensions contain its operations: Client+Read, Client+Write.
final class Client {
    /// Size of the kernel's send buffer for a client, in bytes (the kernel doubles the number). It is small enough to
    /// be raised for the last line: a client that is closed because it did not read still finds the reason when it
    /// reads.
    private static let sendBuffer: Int32 = 65_536

    /// The socket; -1 for a consumer with its own output thread.
    let descriptor: Int32
    /// Writes the lines of a consumer that is not a socket.
    let thread: OutputThread?
    let peer: PeerCredentials
    let role: AccessPolicy.Role
    let limits: ServerLimits

    var filter = ClientFilter(Subscription())
    var queue: LineQueue
    /// Number of the last line that was appended to `output`.
    var sequence: Int64 = 0
    /// Encoded lines; the first `sent` bytes of them are sent.
    var output = JSONWriter()
    var sent = 0
    /// True while the socket accepts no output.
    var isBlocked = false
    /// The time since which the socket accepts no output, in milliseconds; `nil` while it accepts some.
    var blockedSince: UInt64?

    /// Received bytes that are not processed yet.
    var input: [UInt8] = []
    /// Number of bytes of `input` that are already processed.
    var taken = 0
    /// The client sends no more; it may still read.
    var inputEnded = false
    /// The connection has ended; the server removes the client.
    var isDead = false

    init(descriptor: Int32, peer: PeerCredentials, role: AccessPolicy.Role, limits: ServerLimits) {
        self.descriptor = descriptor
        thread = nil
        self.peer = peer
        self.role = role
        self.limits = limits
        queue = LineQueue(softBytes: limits.queueBytes, softLines: limits.queueLines)
        setSendBuffer(Self.sendBuffer)
    }

    /// Creates a consumer that only reads and is never closed for being slow: standard output.
    init(thread: OutputThread, limits: ServerLimits) {
        descriptor = -1
        self.thread = thread
        peer = PeerCredentials(process: getpid(), user: geteuid(), group: getegid(), groups: [])
        role = .listener
        self.limits = limits
        queue = LineQueue(softBytes: limits.queueBytes, softLines: limits.queueLines)
        inputEnded = true
    }

    deinit {
        if descriptor >= 0 { Glibc.close(descriptor) }
        thread?.end()
    }

    /// The client's object in the `status` reply.
    var report: JSONValue {
        .object([
            .init("pid", .number(Double(peer.process))), .init("uid", .number(Double(peer.user))),
            .init("role", .string(role.rawValue)), .init("lines", .number(Double(sequence))),
            .init("behind", .bool(queue.skipped > 0)),
        ])
    }

    private func setSendBuffer(_ bytes: Int32) {
        var bytes = bytes
        // If the kernel refuses, its default remains; then only the delivery of the last line may fail.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Sends the reason as far as the socket allows and ends the connection. Lines in the queue are dropped.
    func close(reason: String, encoder: inout EventEncoder) {
        guard !isDead else { return }
        EventEncoder.lineStart(sequence + 1, into: &output)
        output.bytes += encoder.encode(Event(.closing(reason: reason)))
        if descriptor >= 0 { setSendBuffer(2 * Self.sendBuffer) }
        sendOutput()
        isDead = true
    }
}
