// Distinguishes a session that is being recorded from one whose recorder died.

import Glibc
import System
import WholeFiles

/// An exclusive lock on a session's `events.jsonl`. The kernel releases it when its holder dies.
struct SessionLock: ~Copyable {
    /// The file, open for reading and appending; the lock owns it.
    let descriptor: Int32

    /// Opens the file, or creates it, and locks it.
    init(_ folder: SessionFolder, creates: Bool = false) throws(RecordingError) {
        // `deinit` also runs when an initializer throws, and all properties must be set by then.
        var failure: FileFailure?
        do throws(FileFailure) {
            let flags = O_RDWR | O_APPEND | (creates ? O_CREAT | O_EXCL : 0)
            descriptor = try RegularFile.open(folder.events, flags, mode: 0o640).descriptor
        } catch {
            descriptor = -1
            failure = error
        }
        if let failure { throw .unwritable(path: folder.events, detail: failure.reason) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            throw code == EWOULDBLOCK
                ? .inUse(path: folder.path)
                : .unwritable(path: folder.events, detail: SystemError(code: code).description)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Returns whether another process holds the lock.
    static func isHeld(_ folder: SessionFolder) -> Bool {
        guard let descriptor = try? RegularFile.open(folder.events).descriptor else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
