// The socket that clients connect to: born with the right permissions, or inherited from systemd.

import Glibc

/// A listening Unix stream socket.
public struct ListeningSocket: ~Copyable {
    /// Where clients find it; `nil` when an inherited socket has no path.
    public let path: String?
    /// The listening descriptor, non-blocking.
    let descriptor: Int32
    /// The lock that says "this path is ours"; `nil` for an inherited socket, whose path belongs to systemd.
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

    /// Listens at `path`, for members of `group` where one is given.
    ///
    /// A missing directory is made with mode 0750. The path is claimed with an exclusive lock on `path.lock`, and a
    /// socket that is already there is removed only when nobody answers on it. The socket never has more than its
    /// final mode, 0660.
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
        if let group, chown(directory, uid_t.max, group) != 0 {
            throw .system(call: "chown", path: directory, code: errno)
        }
    }

    /// The lock file stays when the daemon goes: removing it would let two daemons lock two files of one name.
    private static func claim(_ path: String) throws(EventServerError) -> Int32 {
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard lock >= 0 else { throw .system(call: "open", path: path + ".lock", code: errno) }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            close(lock)
            throw code == EWOULDBLOCK ? .inUse(path: path) : .system(call: "flock", path: path + ".lock", code: code)
        }
        return lock
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
        guard unlink(path) == 0 else { throw .system(call: "unlink", path: path, code: errno) }
    }

    private static func bind(
        _ path: String, _ address: SocketAddress, group: gid_t?
    ) throws(EventServerError) -> Int32 {
        let descriptor = try SocketAddress.makeSocket(path: path)
        var failure: (call: String, code: Int32)?
        // On Linux the file gets the mode of the unbound socket. Born 0600 and opened to the group afterwards, it is
        // never wider than it ends up, and the umask, which all threads share, is not touched.
        if fchmod(descriptor, 0o600) != 0 { failure = ("fchmod", errno) }
        let isBound = failure == nil && address.withPointer { Glibc.bind(descriptor, $0, $1) } == 0
        if failure == nil, !isBound { failure = ("bind", errno) }
        if failure == nil, let group, chown(path, uid_t.max, group) != 0 { failure = ("chown", errno) }
        if failure == nil, chmod(path, 0o660) != 0 { failure = ("chmod", errno) }
        if failure == nil, listen(descriptor, 64) != 0 { failure = ("listen", errno) }
        if failure == nil, fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0 { failure = ("fcntl", errno) }
        if let failure {
            close(descriptor)
            if isBound { unlink(path) }
            throw .system(call: failure.call, path: path, code: failure.code)
        }
        return descriptor
    }

    /// The socket systemd handed over (sd_listen_fds(3)), or `nil` when it handed over none. It is never unlinked.
    ///
    /// The variables are removed, so that no child process believes they are meant for it: call this before other
    /// threads look at the environment.
    public static func inherited() throws(EventServerError) -> ListeningSocket? {
        let process = getenv("LISTEN_PID").map { String(cString: $0) }
        let count = getenv("LISTEN_FDS").map { String(cString: $0) }
        for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) }
        return try inherited(process: process, count: count, first: 3)
    }

    /// The same with the variables' values and the number of the first descriptor given.
    static func inherited(process: String?, count: String?, first: Int32) throws(EventServerError) -> ListeningSocket? {
        guard process == String(getpid()), let number = count else { return nil }
        guard number == "1" else { throw .badActivation(detail: "\(number) sockets") }
        guard option(first, SO_DOMAIN) == AF_UNIX, option(first, SO_TYPE) == Int32(SOCK_STREAM.rawValue),
            option(first, SO_ACCEPTCONN) == 1
        else { throw .badActivation(detail: "a descriptor that is no listening Unix stream socket") }
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

    /// The group whose members may connect: that of the socket's file, or the process's own.
    var group: gid_t {
        var status = stat()
        if let path, stat(path, &status) == 0 { return status.st_gid }
        return getegid()
    }
}
