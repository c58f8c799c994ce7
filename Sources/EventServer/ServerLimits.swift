// How much the server bears from its clients.

/// Limits that keep one client from harming the daemon or the others.
public struct ServerLimits: Equatable, Sendable {
    /// Clients at a time; the next one is told so and closed.
    public var clients: Int
    /// Bytes waiting for a client above which its backlog is dropped; twice as many close it.
    public var queueBytes: Int
    /// Lines waiting for a client above which its backlog is dropped; twice as many close it.
    public var queueLines: Int
    /// How long a client may stay behind before it is closed, in milliseconds.
    public var lagMilliseconds: Int
    /// Bytes in a line from a client; a longer one closes it.
    public var lineBytes: Int

    /// Sensible limits; see the properties.
    public init(
        clients: Int = 64, queueBytes: Int = 131_072, queueLines: Int = 512, lagMilliseconds: Int = 30_000,
        lineBytes: Int = 65_536
    ) {
        self.clients = clients
        self.queueBytes = queueBytes
        self.queueLines = queueLines
        self.lagMilliseconds = lagMilliseconds
        self.lineBytes = lineBytes
    }
}
