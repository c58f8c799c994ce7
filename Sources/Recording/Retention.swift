// Which sessions may stay: a pure function of their sizes and ages.

import AudioCore
import Configuration

/// How much is kept, and how long.
struct Retention: Equatable, Sendable {
    /// A session as far as this matters.
    struct Session: Equatable {
        var name: String
        var bytes: Int64
        /// When it was last written, in seconds since 1970.
        var written: Double
        /// Whether it is being recorded; it is never removed then.
        var isOpen: Bool
    }

    /// The decision.
    struct Verdict: Equatable {
        /// Names of sessions to be removed, the oldest first.
        var removed: [String] = []
        /// Why nothing more may be recorded, as a sentence, if that is so.
        var problem: String?
    }

    /// Most bytes of all sessions together; `nil` for any number.
    var maximumBytes: Int64?
    /// Bytes that must stay free on the disk.
    var minimumFree: Int64
    /// Seconds after which a session is removed; `nil` keeps it.
    var maximumAge: Double?
    /// Whether the oldest sessions give way to new ones. Otherwise recording stops when there is no more room.
    var removesOldest: Bool

    /// What the `[record]` table says.
    init(_ settings: RecordSettings) {
        maximumBytes = settings.maximumMegabytes.map { Int64(saturating: $0 * 1e6) }
        minimumFree = Int64(saturating: settings.minimumFreeMegabytes * 1e6)
        maximumAge = settings.keepDays.map { $0 * 86_400 }
        removesOldest = settings.removesOldest
    }

    /// What follows for these sessions at a time (seconds since 1970) with so many bytes free.
    func verdict(on sessions: [Session], free: Int64, now: Double) -> Verdict {
        var verdict = Verdict()
        var free = free
        var total = sessions.reduce(0) { $0 + $1.bytes }
        for session in sessions.filter({ !$0.isOpen }).sorted(by: { ($0.written, $0.name) < ($1.written, $1.name) }) {
            let isTooOld = maximumAge.map { now - session.written > $0 } ?? false
            let isInTheWay = removesOldest && (isOverQuota(total) || free < minimumFree)
            guard isTooOld || isInTheWay else { continue }
            verdict.removed.append(session.name)
            total -= session.bytes
            free += session.bytes
        }
        if isOverQuota(total) {
            verdict.problem =
                "the sessions have \(megabytes(total)) MB and may have \(megabytes(maximumBytes ?? 0)): "
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
