// One connection: its subscription, its queue and its descriptor.

import Events
import Glibc
import JSON

/// A connected client. Its parts are cut by verb: Client+Read, Client+Write.
final class Client {
    /// Bytes the kernel keeps for a client (it doubles the number). Small enough that it can be raised for the last
    /// line: a client that is closed because it did not read still finds the reason when it reads at last.
    private static let sendBuffer: Int32 = 65_536

    /// The socket; -1 for a consumer that is written to by a thread of its own.
    let descriptor: Int32
    /// Writes the lines of a consumer that is no socket.
    let thread: OutputThread?
    let peer: PeerCredentials
    let role: AccessPolicy.Role
    let limits: ServerLimits

    var filter = ClientFilter(Subscription())
    var queue: LineQueue
    /// Number of the last line that was put into `output`.
    var sequence: Int64 = 0
    /// Lines on their way, the first `sent` bytes of them sent.
    var output = JSONWriter()
    var sent = 0
    /// True while the socket takes nothing.
    var isBlocked = false
    /// Since when the socket takes nothing, in milliseconds; `nil` while it takes something.
    var blockedSince: UInt64?

    /// What came and has not been understood yet.
    var input: [UInt8] = []
    /// How much of `input` has been taken out already.
    var taken = 0
    /// The client will send no more; it may still read.
    var inputEnded = false
    /// The connection is over; the server removes it.
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

    /// A consumer that only reads, and that is never closed because it is slow: standard output.
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

    /// What `status` tells about it.
    var report: JSONValue {
        .object([
            .init("pid", .number(Double(peer.process))), .init("uid", .number(Double(peer.user))),
            .init("role", .string(role.rawValue)), .init("lines", .number(Double(sequence))),
            .init("behind", .bool(queue.skipped > 0)),
        ])
    }

    private func setSendBuffer(_ bytes: Int32) {
        var bytes = bytes
        // A kernel that refuses leaves its default, with which everything but the last line works as well.
        setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Says why, as well as the socket lets it, and ends the connection. What waits in the queue is dropped.
    func close(reason: String, encoder: inout EventEncoder) {
        guard !isDead else { return }
        EventEncoder.lineStart(sequence + 1, into: &output)
        output.bytes += encoder.encode(Event(.closing(reason: reason)))
        if descriptor >= 0 { setSendBuffer(2 * Self.sendBuffer) }
        sendOutput()
        isDead = true
    }
}
