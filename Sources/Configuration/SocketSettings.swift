// The settings of the socket for clients.

/// The `[socket]` table.
public struct SocketSettings: Equatable, Sendable {
    /// The path of the system service's socket.
    public static let systemPath = "/run/timbred/timbred.sock"

    /// Path of the Unix socket, at most 107 bytes; `nil` for none.
    public var path: String? = SocketSettings.systemPath
    /// Name of the group whose members may connect; `nil` keeps the process's own.
    public var group: String?
    /// Clients at a time, 1...1024.
    public var maximumClients = 64
    /// A client with this many bytes waiting loses its backlog, 4096...16777216.
    public var queueBytes = 131_072
    /// A client that stays behind for longer than this is closed, in seconds, 1...3600.
    public var lagSeconds = 30

    /// The defaults.
    public init() {}
}
