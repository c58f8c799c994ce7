// The folder that contains the sessions' folders: its contents, their sizes, and removal.

import Events
import Glibc
import System
import WholeFiles

/// A folder of sessions.
public struct SessionStore: Equatable, Sendable {
    /// Its path.
    public let path: String

    /// Creates the value; the folder must exist when it is used.
    public init(path: String) {
        self.path = path
    }

    /// Returns the sessions in it, in the order of their names and thus of their start times. A folder with neither a
    /// `session.json` nor lines is not a session, nor is one whose name begins with a dot: such a session is still
    /// being created.
    public func sessions() throws(RecordingError) -> [SessionFolder] {
        try names().map { SessionFolder(path: "\(path)/\($0)") }.filter(Self.isSession)
    }

    /// Returns the names that may be those of sessions.
    func names() throws(RecordingError) -> [String] {
        try Self.names(in: path).filter { !$0.hasPrefix(".") }
    }

    private static func isSession(_ folder: SessionFolder) -> Bool {
        access(folder.manifest, F_OK) == 0 || access(folder.events, F_OK) == 0
    }

    /// Bytes that can still be written to the disk; `nil` when the folder is missing.
    var free: Int64? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        return Int64(clamping: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }

    /// Returns the properties of a session that `Retention` uses; nil when there is none of this name.
    func look(at name: String) -> Retention.Session? {
        let folder = SessionFolder(path: "\(path)/\(name)")
        guard Self.isSession(folder) else { return nil }
        // Asked first: a session that closes meanwhile may have grown.
        let isOpen = SessionLock.isHeld(folder)
        let (bytes, written) = Self.size(of: folder.path)
        return Retention.Session(name: name, bytes: bytes, written: written, isOpen: isOpen)
    }

    /// Returns the bytes of the files in a folder on the disk, and the time of the last write, in seconds since 1970.
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

    /// Removes a session with all files in its folder; a folder inside it is kept, and then the session's folder too.
    /// The session is hidden first, so that no reader finds a partial session; `removeUnfinished` removes the rest
    /// after a crash.
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

    /// Removes the remains of sessions whose recorder died while it created or removed them.
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
