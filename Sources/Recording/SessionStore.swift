// The folder that holds the sessions' folders: what is in it, what it costs, what goes.

import Events
import Glibc
import System
import WholeFiles

/// A folder of sessions.
public struct SessionStore: Equatable, Sendable {
    /// Its path.
    public let path: String

    /// Names a folder, which must be there when it is used.
    public init(path: String) {
        self.path = path
    }

    /// The sessions in it, by name, and so by the time they began. A folder with neither a `session.json` nor lines is none,
    /// nor is one whose name begins with a dot: those are still being made.
    public func sessions() throws(RecordingError) -> [SessionFolder] {
        try Self.names(in: path).filter { !$0.hasPrefix(".") }.map { SessionFolder(path: "\(path)/\($0)") }
            .filter { access($0.manifest, F_OK) == 0 || access($0.events, F_OK) == 0 }
    }

    /// Bytes that may still be written to the disk; `nil` when the folder is not there.
    var free: Int64? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return Int64(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }

    /// What `Retention` wants to know of each session.
    func inventory() throws(RecordingError) -> [Retention.Session] {
        try sessions().map { folder in
            let (bytes, written) = Self.size(of: folder.path)
            return Retention.Session(
                name: folder.name, bytes: bytes, written: written, isOpen: SessionLock.isHeld(folder))
        }
    }

    /// Bytes of the files in a folder on the disk, and when one was last written, in seconds since 1970.
    static func size(of folder: String) -> (bytes: Int64, written: Double) {
        var bytes: Int64 = 0
        var written = 0
        for name in (try? names(in: folder)) ?? [] {
            var facts = stat()
            guard lstat("\(folder)/\(name)", &facts) == 0 else { continue }
            bytes += Int64(facts.st_blocks) * 512
            written = max(written, facts.st_mtim.tv_sec)
        }
        return (bytes, Double(written))
    }

    /// Removes a session with all files in its folder; a folder inside it stays, and with it the session's. It goes out of
    /// sight first, so that no reader finds half a session; `removeUnfinished` takes what a crash leaves of it then.
    func remove(_ name: String) throws(RecordingError) {
        let folder = "\(path)/\(name)"
        let hidden = name.hasPrefix(".") ? folder : "\(path)/.\(name).removed"
        guard rename(folder, hidden) == 0 else {
            throw .unwritable(path: folder, detail: SystemError.last.description)
        }
        for file in try Self.names(in: hidden) { unlink("\(hidden)/\(file)") }
        let code = errno
        guard rmdir(hidden) != 0 else { return }
        rename(hidden, folder)
        let manifest = SessionFolder(path: folder).manifest
        guard access(manifest, F_OK) != 0 else {
            throw .unwritable(path: manifest, detail: SystemError(code: code).description)
        }
    }

    /// Removes what a recorder left that died while it was making a session, or removing one.
    public func removeUnfinished() {
        for name in (try? Self.names(in: path)) ?? []
        where name.hasPrefix(".") && (name.hasSuffix(".new") || name.hasSuffix(".removed")) {
            guard !SessionLock.isHeld(SessionFolder(path: "\(path)/\(name)")) else { continue }
            try? remove(name)
        }
    }

    private static func names(in path: String) throws(RecordingError) -> [String] {
        do throws(FileFailure) {
            return try Folder.names(in: path, hidden: true)
        } catch {
            throw .unreadable(path: path, detail: error.reason)
        }
    }
}
