// Decides which sessions are kept: a pure function of their sizes and ages.

import AudioCore
import Configuration

/// The limits on size and age.
struct Retention: Equatable, Sendable {
    /// The properties of a session that the decision uses.
    struct Session: Equatable {
        var name: String
        var bytes: Int64
        /// Time of the last write, in seconds since 1970.
        var written: Double
        /// Whether it is being recorded; it is never removed in that case.
        var isOpen: Bool
    }

    /// The decision.
    struct Verdict: Equatable {
        /// Names of the sessions to remove, the oldest first.
        var removed: [String] = []
        /// The reason why no more may be recorded, as a message; nil when recording may continue.
        var problem: String?
    }

    /// Largest number of bytes of all sessions together; `nil` for no limit.
    var maximumBytes: Int64?
    /// Bytes that must stay free on the disk.
    var minimumFree: Int64
    /// Seconds after which a session is removed; `nil` for no limit.
    var maximumAge: Double?
    /// Whether the oldest sessions are removed to make room for new ones. Otherwise recording stops when there is no
    /// more room.
    var removesOldest: Bool

    /// Creates the limits of the `[record]` table.
    init(_ settings: RecordSettings) {
        maximumBytes = settings.maximumMegabytes.map { Int64(saturating: $0 * 1e6) }
        minimumFree = Int64(saturating: settings.minimumFreeMegabytes * 1e6)
        maximumAge = settings.keepDays.map { $0 * 86_400 }
        removesOldest = settings.removesOldest
    }

    /// Whether a limit depends on what the sessions are.
    var limitsSessions: Bool { maximumBytes != nil || maximumAge != nil }

    /// Returns the decision for these sessions at a time (seconds since 1970) with so many bytes free.
    ///
    /// - Parameter remove: removes a session, and returns the bytes that it still occupies: what cannot be removed
    ///   takes room, and another goes in its place.
    func verdict(
        on sessions: [Session], free: Int64, now: Double, removing remove: (Session) -> Int64 = { _ in 0 }
    ) -> Verdict {
        var verdict = Verdict()
        var free = free
        var total = sessions.reduce(0) { $0 + $1.bytes }
        for session in sessions.filter({ !$0.isOpen }).sorted(by: { ($0.written, $0.name) < ($1.written, $1.name) }) {
            let isTooOld = maximumAge.map { now - session.written > $0 } ?? false
            let isInTheWay = removesOldest && (isOverQuota(total) || free < minimumFree)
            guard isTooOld || isInTheWay else { continue }
            verdict.removed.append(session.name)
            let gained = session.bytes - remove(session)
            total -= gained
            free += gained
        }
        if isOverQuota(total) {
            verdict.problem =
                "the sessions occupy \(megabytes(total)) MB, and the limit is \(megabytes(maximumBytes ?? 0)): "
                + "remove some, or raise maximum_megabytes"
        } else if free < minimumFree {
            verdict.problem =
                "the disk has \(megabytes(free)) MB free and \(megabytes(minimumFree)) must stay free: "
                + "make room, or lower minimum_free_megabytes"
        }
        return verdict
    }

    private func isOverQuota(_ total: Int64) -> Bool {
        maximumBytes.map { total >= $0 } ?? false
    }

    private func megabytes(_ bytes: Int64) -> Int64 { bytes / 1_000_000 }
}
