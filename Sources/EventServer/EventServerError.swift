// The errors of the socket, with a message for each.

import Glibc
import System

/// The reason why a server could not listen or a client could not connect.
public enum EventServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another daemon uses the socket.
    case inUse(path: String)
    /// The path names a file that is not a socket; it is not changed.
    case notASocket(path: String)
    /// The path does not fit into a socket address.
    case pathTooLong(path: String)
    /// The group of the configuration does not exist.
    case unknownGroup(name: String)
    /// The lock file beside the socket belongs to another user, who can prevent the daemon from starting.
    case foreignLock(path: String, user: UInt32)
    /// The descriptor from systemd is not exactly one listening Unix stream socket.
    case badActivation(detail: String)
    /// A system call failed.
    case system(call: String, path: String, code: Int32)

    /// Runs a system call again while it fails with EINTR. Any thread may call it; it blocks for as long as the call.
    ///
    /// - Throws: ``system(call:path:code:)`` with `name`, `path` and the errno.
    @discardableResult
    package static func check<Result: SignedInteger>(
        _ name: String, _ path: String, _ call: () -> Result
    ) throws(EventServerError) -> Result {
        do throws(SystemError) {
            return try systemCall(call)
        } catch {
            throw .system(call: name, path: path, code: error.code)
        }
    }

    /// Returns advice for a path that cannot be created.
    private static func remedy(_ call: String, _ code: Int32) -> String {
        guard ["open", "mkdir", "bind", "chown"].contains(call), [EACCES, EPERM, ENOENT, EROFS].contains(code) else {
            return ""
        }
        return ": name another socket with --socket, or under [socket] in the configuration"
    }

    /// The message.
    public var description: String {
        switch self {
        case .inUse(let path):
            "\(path): another timbred listens on this socket: stop it, or set another path under [socket]"
        case .notASocket(let path):
            "\(path): the path exists and is not a socket: remove it, or set another path under [socket]"
        case .pathTooLong(let path):
            "\(path): the path of a socket must have 1 to 107 bytes: set another one under [socket]"
        case .unknownGroup(let name):
            "the group \(name) does not exist: create it, or set another under [socket]"
        case .foreignLock(let path, let user):
            "\(path): this lock belongs to the user \(user), who can prevent the socket from being opened: remove it, and put the "
                + "socket into a directory that no other user may write to (--socket, or path under [socket])"
        case .badActivation(let detail):
            "systemd passed \(detail): the socket unit requires one ListenStream= with a path"
        case .system(let call, let path, let code):
            "\(path): \(call) failed: \(SystemError(code: code))\(Self.remedy(call, code))"
        }
    }
}
