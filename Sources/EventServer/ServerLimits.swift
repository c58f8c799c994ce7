// The server's limits per client.

/// Limits that keep one client from harming the daemon or the others.
public struct ServerLimits: Equatable, Sendable {
    /// Clients at a time; the next one is informed and closed.
    public var clients: Int
    /// Bytes waiting for a client above which its backlog is dropped; twice as many close the connection.
    public var queueBytes: Int
    /// Lines waiting for a client above which its backlog is dropped; twice as many close the connection.
    public var queueLines: Int
    /// How long a client may stay behind before it is closed, in milliseconds.
    public var lagMilliseconds: Int
    /// Bytes in a line from a client; a longer line closes the connection.
    public var lineBytes: Int

    /// Creates limits with default values; see the properties.
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
