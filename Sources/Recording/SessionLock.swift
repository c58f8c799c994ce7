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
        let flags = O_RDWR | O_APPEND | O_CLOEXEC | (creates ? O_CREAT | O_EXCL : 0)
        descriptor = open(folder.events, flags, 0o640)
        guard descriptor >= 0 else {
            throw .unwritable(path: folder.events, detail: SystemError.last.description)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // `deinit` closes the descriptor: it also runs when an initializer throws with all properties set.
            let code = errno
            throw code == EWOULDBLOCK
                ? .inUse(path: folder.path)
                : .unwritable(path: folder.events, detail: SystemError(code: code).description)
        }
    }

    deinit {
        close(descriptor)
    }

    /// Returns whether another process holds the lock.
    static func isHeld(_ folder: SessionFolder) -> Bool {
        guard let descriptor = try? RegularFile.open(folder.events).descriptor else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
