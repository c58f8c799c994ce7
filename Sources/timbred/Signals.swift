// Signals as something to poll for, instead of something that interrupts.

import CLinux
import EventServer
import Glibc

/// A signalfd for the signals a daemon answers to.
struct Signals {
    /// Readable when a signal waits.
    let descriptor: Int32

    /// Blocks the signals in this thread and so in all threads it starts; call it before any of them. Throws when the
    /// system gives no descriptor: a daemon whose signals are blocked and unread could not be ended.
    init() throws(EventServerError) {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow is an error of the write, like a full disk.
        signal(SIGXFSZ, SIG_IGN)
        descriptor = try EventServerError.check("signalfd", "signals") {
            timbre_signalfd([SIGTERM, SIGINT, SIGHUP], 3)
        }
    }

    /// The oldest signal that waits, if there is one.
    func next() -> Int32? {
        let number = timbre_signalfd_read(descriptor)
        return number > 0 ? number : nil
    }
}
