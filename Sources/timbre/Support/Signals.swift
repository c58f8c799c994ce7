// Signals as bytes in a pipe, which a loop can wait for beside its other descriptors.

import CLinux
import Glibc
import Synchronization

/// Turns signals into something to be asked for, from `init` to the end of its life. One at a time.
final class Signals {
    /// What asks a program to end.
    static let ending = [SIGINT, SIGTERM, SIGHUP]
    /// Where the handler writes; it may do nothing else.
    private static let writer = Atomic<Int32>(-1)

    private let minded: [Int32]
    private var ends: [Int32] = [-1, -1]

    /// From now on these signals do nothing but arrive here; those that were ignored when the program started, as `nohup`
    /// does, stay ignored.
    init(minding minded: [Int32]) {
        self.minded = minded.filter { timbre_signal_is_ignored($0) == 0 }
        // Without a pipe the signals keep their usual effect, which is to end the program.
        guard pipe(&ends) == 0 else { return }
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        // The parent process may have blocked them, and blocks are inherited.
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

    /// Waits until a descriptor is readable, a signal comes, or the time is over; negative descriptors are left out.
    /// Gives the descriptors that are readable, closed or broken.
    func wait(for descriptors: [Int32], milliseconds: Int) -> [Int32] {
        var polled = (descriptors + [ends[0]]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds)) > 0 else { return [] }
        return polled.dropLast().filter { $0.revents != 0 }.map(\.fd)
    }

    /// Takes the signals that came since the last time.
    func take() -> Set<Int32> {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(ends[0], &bytes, bytes.count)
        return Set(bytes.prefix(max(0, count)).map(Int32.init))
    }
}
