// Signals as bytes in a pipe, which a loop can poll together with its other descriptors.

import CLinux
import Glibc
import Synchronization

/// Converts signals to polled input, from `init` to the end of its life. Only one instance may exist at a time.
final class Signals {
    /// The signals that end a program.
    static let ending = [SIGINT, SIGTERM, SIGHUP]
    /// The pipe to which the handler writes; the handler must not do anything else.
    private static let writer = Atomic<Int32>(-1)

    private let minded: [Int32]
    private var ends: [Int32] = [-1, -1]

    /// Redirects these signals to this object. Signals that were ignored when the program started, as under `nohup`,
    /// stay ignored.
    init(minding minded: [Int32]) {
        self.minded = minded.filter { timbre_signal_is_ignored($0) == 0 }
        // Without a pipe the signals keep their default action, which ends the program.
        guard pipe(&ends) == 0 else { return }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        // The parent process may have blocked them, and the signal mask is inherited.
        var set = sigset_t()
        sigemptyset(&set)
        for number in self.minded { sigaddset(&set, number) }
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        Self.writer.store(ends[1], ordering: .relaxed)
        for number in self.minded {
            signal(number) { number in
                let saved = errno
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(Signals.writer.load(ordering: .relaxed), &byte, 1)
                errno = saved
            }
        }
    }

    deinit {
        guard ends[0] >= 0 else { return }
        for number in minded { signal(number, SIG_DFL) }
        close(ends[0])
        close(ends[1])
    }

    /// Waits until a descriptor is readable, a signal arrives, or the time is over; negative descriptors are ignored.
    /// Returns the descriptors that are readable, closed or broken.
    func wait(for descriptors: [Int32], milliseconds: Int) -> [Int32] {
        var polled = (descriptors + [ends[0]]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds)) > 0 else { return [] }
        return polled.dropLast().filter { $0.revents != 0 }.map(\.fd)
    }

    /// Returns the signals that arrived since the last call.
    func take() -> Set<Int32> {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        return Set(bytes.prefix(max(0, count)).map(Int32.init))
    }
}
