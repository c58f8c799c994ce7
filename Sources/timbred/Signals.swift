// Signals as a descriptor to poll, instead of interrupts.

import CLinux
import EventServer
import Glibc

/// A signalfd for the signals that the daemon handles.
struct Signals {
    /// Readable when a signal is pending.
    let descriptor: Int32

    /// Blocks the signals in this thread and thus in all threads that it starts; call it before any of them is
    /// started. Throws when the system has no free descriptor, because a daemon whose signals are blocked and unread
    /// could not be stopped.
    init() throws(EventServerError) {
        signal(SIGPIPE, SIG_IGN)
        // A file that exceeds the size limit causes a write error, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        descriptor = try EventServerError.check("signalfd", "signals") {
            timbre_signalfd([SIGTERM, SIGINT, SIGHUP], 3)
        }
    }

    /// Returns the oldest pending signal, if there is one.
    func next() -> Int32? {
        let number = timbre_signalfd_read(descriptor)
        return number > 0 ? number : nil
    }
}
