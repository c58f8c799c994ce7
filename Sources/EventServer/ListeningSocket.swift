// The listening socket: created with its final permissions, or inherited from systemd.

import Glibc

/// A listening Unix stream socket.
public struct ListeningSocket: ~Copyable, Sendable {
    /// The path for clients; `nil` when an inherited socket has no path.
    public let path: String?
    /// The listening descriptor, non-blocking.
    package let descriptor: Int32
    /// The lock that reserves the path; `nil` for an inherited socket, whose path belongs to systemd.
    private let lock: Int32?

    private init(path: String?, descriptor: Int32, lock: Int32?) {
        self.path = path
        self.descriptor = descriptor
        self.lock = lock
    }

    deinit {
        if let path, let lock {
            unlink(path)
            close(lock)
        }
        close(descriptor)
    }

    /// Listens at `path`; members of `group` may connect where a group is given.
    ///
    /// A missing directory is created with mode 0750. An exclusive lock on `path.lock` reserves the path, and an
    /// existing socket is removed only when no process answers on it. The mode of the socket never exceeds its final
    /// mode, 0660.
    public init(path: String, group: String? = nil) throws(EventServerError) {
        let address = try SocketAddress(path: path)
        let owner = try group.map(Self.groupID)
        try Self.makeDirectory(of: path, group: owner)
        let lock = try Self.claim(path)
        do {
            try Self.removeStale(path, address)
            let descriptor = try Self.bind(path, address, group: owner)
            self.init(path: path, descriptor: descriptor, lock: lock)
        } catch {
            close(lock)
            throw error
        }
    }

    private static func groupID(_ name: String) throws(EventServerError) -> gid_t {
        guard let entry = getgrnam(name) else { throw .unknownGroup(name: name) }
        return entry.pointee.gr_gid
    }

    private static func makeDirectory(of path: String, group: gid_t?) throws(EventServerError) {
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return }
        let directory = String(path[..<slash])
        guard mkdir(directory, 0o750) == 0 else {
            if errno == EEXIST { return }
            throw .system(call: "mkdir", path: directory, code: errno)
        }
        if let group { try EventServerError.check("chown", directory) { chown(directory, uid_t.max, group) } }
    }

    /// The lock file remains when the daemon ends: removing it would let two daemons lock two files of one name.
    private static func claim(_ path: String) throws(EventServerError) -> Int32 {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let code = errno
        var facts = stat()
        // In a directory that every user may write to, any user may have created the file first.
        let isKnown = (lock >= 0 ? fstat(lock, &facts) : lstat(path + ".lock", &facts)) == 0
        if isKnown, facts.st_uid != geteuid(), facts.st_uid != 0, isOpenToAll(path) {
            if lock >= 0 { close(lock) }
            throw .foreignLock(path: path + ".lock", user: facts.st_uid)
        }
        guard lock >= 0 else { throw .system(call: "open", path: path + ".lock", code: code) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            throw code == EWOULDBLOCK ? .inUse(path: path) : .system(call: "flock", path: path + ".lock", code: code)
        }
        return lock
    }

    /// Whether every user may create files beside the socket.
    private static func isOpenToAll(_ path: String) -> Bool {
        var facts = stat()
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) + "/" } ?? "."
        return stat(folder, &facts) == 0 && facts.st_mode & S_IWOTH != 0
    }

    private static func removeStale(_ path: String, _ address: SocketAddress) throws(EventServerError) {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw .system(call: "lstat", path: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path: path) }
        let probe = try SocketAddress.makeSocket(path: path)
        defer { close(probe) }
        if address.withPointer({ connect(probe, $0, $1) }) == 0 { throw .inUse(path: path) }
        guard errno == ECONNREFUSED else { throw .system(call: "connect", path: path, code: errno) }
        try EventServerError.check("unlink", path) { unlink(path) }
    }

    private static func bind(
        _ path: String, _ address: SocketAddress, group: gid_t?
    ) throws(EventServerError) -> Int32 {
        let descriptor = try SocketAddress.makeSocket(path: path)
        var isBound = false
        // On Linux the file gets the mode of the unbound socket. It is created with mode 0600 and opened to the group
        // afterwards, so it is never wider than its final mode, and the umask, which all threads share, is not
        // changed.
        do throws(EventServerError) {
            try EventServerError.check("fchmod", path) { fchmod(descriptor, 0o600) }
            try EventServerError.check("bind", path) { address.withPointer { Glibc.bind(descriptor, $0, $1) } }
            isBound = true
            if let group { try EventServerError.check("chown", path) { chown(path, uid_t.max, group) } }
            try EventServerError.check("chmod", path) { chmod(path, 0o660) }
            try EventServerError.check("listen", path) { listen(descriptor, 64) }
            try EventServerError.check("fcntl", path) { fcntl(descriptor, F_SETFL, O_NONBLOCK) }
            return descriptor
        } catch {
            close(descriptor)
            if isBound { unlink(path) }
            throw error
        }
    }

    /// Returns the socket that systemd passed (sd_listen_fds(3)), or `nil` when it passed none. The daemon never
    /// unlinks it.
    ///
    /// The environment variables are removed, so that no child process uses them: call this before other threads read
    /// the environment.
    public static func inherited() throws(EventServerError) -> ListeningSocket? {
        let process = getenv("LISTEN_PID").map { String(cString: $0) }
        let count = getenv("LISTEN_FDS").map { String(cString: $0) }
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        return try inherited(process: process, count: count, first: 3)
    }

    /// The same with explicit values of the variables and the number of the first descriptor.
    static func inherited(process: String?, count: String?, first: Int32) throws(EventServerError) -> ListeningSocket? {
        guard process == String(getpid()), let number = count else { return nil }
        guard number == "1" else { throw .badActivation(detail: "\(number) sockets") }
        guard option(first, SO_DOMAIN) == AF_UNIX, option(first, SO_TYPE) == Int32(SOCK_STREAM.rawValue),
            option(first, SO_ACCEPTCONN) == 1
        else { throw .badActivation(detail: "a descriptor that is not a listening Unix stream socket") }
        guard fcntl(first, F_SETFD, FD_CLOEXEC) == 0, fcntl(first, F_SETFL, O_NONBLOCK) == 0 else {
            throw .system(call: "fcntl", path: "inherited socket", code: errno)
        }
        return ListeningSocket(path: boundPath(of: first), descriptor: first, lock: nil)
    }

    private static func option(_ descriptor: Int32, _ name: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }

    private static func boundPath(of descriptor: Int32) -> String? {
        var address = sockaddr_un()
        var size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        let bytes = withUnsafeBytes(of: address.sun_path) { $0.prefix { $0 != 0 }.map { $0 } }
        return result == 0 && !bytes.isEmpty ? String(decoding: bytes, as: UTF8.self) : nil
    }

    /// The group whose members may connect: the group of the socket's file, or the process's own.
    var group: gid_t {
        var status = stat()
        if let path, stat(path, &status) == 0 { return status.st_gid }
        return getegid()
    }
}

/// A path as `sockaddr_un`.
struct SocketAddress {
    private var address = sockaddr_un()

    /// Throws for paths that are too long or contain a NUL.
    init(path: String) throws(EventServerError) {
        let bytes = Array(path.utf8)
        guard (1..<MemoryLayout.size(ofValue: address.sun_path)).contains(bytes.count), !bytes.contains(0) else {
            throw .pathTooLong(path: path)
        }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    }

    /// Calls `body` with the arguments of bind and connect.
    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Creates a stream socket that closes on exec; throws with the errno when that fails.
    static func makeSocket(path: String) throws(EventServerError) -> Int32 {
        try EventServerError.check("socket", path) {
            socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
    }
}
