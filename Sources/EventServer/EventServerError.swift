// Why the socket could not be had, as sentences.

import Glibc

/// Why a server could not listen or a client could not connect.
public enum EventServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another daemon holds the socket.
    case inUse(path: String)
    /// Something that is no socket stands at the path; it is left alone.
    case notASocket(path: String)
    /// The path does not fit into a socket address.
    case pathTooLong(path: String)
    /// The group of the configuration does not exist.
    case unknownGroup(name: String)
    /// What systemd handed over is not one listening Unix stream socket.
    case badActivation(detail: String)
    /// A system call failed.
    case system(call: String, path: String, code: Int32)

    /// The sentence.
    public var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another timbred listens there: stop it, or set another path under [socket]"
        case .notASocket(let path):
            "\(path): something that is no socket stands there: remove it, or set another path under [socket]"
        case .pathTooLong(let path):
            "\(path): the path of a socket may have 1 to 107 bytes: set a shorter one under [socket]"
        case .unknownGroup(let name):
            "the group \(name) does not exist: create it, or set another under [socket]"
        case .badActivation(let detail):
            "systemd handed over \(detail): the socket unit needs one ListenStream= with a path"
        case .system(let call, let path, let code):
            "\(path): \(call) failed: \(String(cString: strerror(code)))"
        }
    }
}
