// Accepts connections without starving anything else.

import CLinux
import Glibc
import System

/// Accepts connections at a listening socket: at most ``perTurn`` at a time, and then none for ``pause``.
///
/// After a failure the socket is left alone as long. The cause of a failed accept lasts, as when no descriptor is free,
/// and a backlog that cannot be emptied would wake `poll` continuously. One thread owns it.
struct Acceptor {
    /// Number of connections that one call accepts; the others wait in the backlog.
    static let perTurn = 16
    /// Time for which the socket is not polled, in nanoseconds.
    static let pause: Int64 = 25_000_000

    private var again: Int64 = .min

    /// Returns what `poll` is told of the socket at time `now`, in nanoseconds: a negative descriptor, which it ignores,
    /// while the socket is left alone.
    func polled(_ listener: Int32, now: Int64 = SystemClock.monotonic) -> pollfd {
        pollfd(fd: now < again ? -1 : listener, events: Int16(POLLIN), revents: 0)
    }

    /// The longest time until `poll` has to be called again, in milliseconds; nil unless the socket is left alone.
    func wait(now: Int64 = SystemClock.monotonic) -> Int? {
        now < again ? Int((again - now) / 1_000_000) + 1 : nil
    }

    /// Returns the descriptors of the accepted connections: non-blocking, and closed when a program is run.
    ///
    /// - Parameter accept: takes one connection of the non-blocking socket or throws; a test plays its failures.
    mutating func accept(
        _ listener: Int32, now: Int64 = SystemClock.monotonic,
        by accept: (Int32) throws(SystemError) -> Int32 = { listener throws(SystemError) in
            try systemCall { timbre_accept(listener) }
        }
    ) -> [Int32] {
        guard now >= again else { return [] }
        var accepted: [Int32] = []
        for _ in 0..<Self.perTurn {
            do throws(SystemError) {
                accepted.append(try accept(listener))
            } catch {
                if error.code == ECONNABORTED { continue }
                if !error.wouldBlock { again = now + Self.pause }
                return accepted
            }
        }
        again = now + Self.pause
        return accepted
    }
}
