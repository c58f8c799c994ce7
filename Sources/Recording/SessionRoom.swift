// Keeps the folder of the sessions within its limits.

import AudioCore
import Events

/// Removes the sessions that retention removes, and says when no more may be recorded.
///
/// One serves all sources of a recorder, because they share the folder. What a closed session occupies does not change, so it
/// is looked up once, and later looks read only the names in the folder. Recorder's thread only.
final class SessionRoom {
    /// Time between two looks at the folder, and while the disk is nearly full, in nanoseconds.
    private static let interval: (usual: Int64, urgent: Int64) = (60_000_000_000, 10_000_000_000)

    private let store: SessionStore
    /// Closed sessions by name.
    private var closed: [String: Retention.Session] = [:]
    /// Names of sessions that could not be removed.
    private var stuck: Set<String> = []
    /// Sentences about them that were not yet read.
    private var complaints: [String] = []
    private var lookedAt = Int64.min / 2
    private var tidiedAt = Int64.min / 2
    private var problem: String?

    init(_ store: SessionStore) {
        self.store = store
    }

    /// Makes room for a session that is being recorded, or that begins.
    ///
    /// - Parameters:
    ///   - free: bytes that can still be written to the disk.
    ///   - now: the monotonic time in nanoseconds.
    ///   - isBeginning: whether a session begins, which looks at the folder in any case.
    /// - Returns: a message when there is still no room.
    func make(
        within retention: Retention, free: Int64, at now: Int64, isBeginning: Bool
    ) throws(RecordingError) -> String? {
        let isLow = free < retention.minimumFree
        guard isLow || retention.limitsSessions else { return nil }
        guard isBeginning || now - lookedAt >= (isLow ? Self.interval.urgent : Self.interval.usual) else {
            return problem
        }
        lookedAt = now
        problem = try apply(retention, free: free)
        return problem
    }

    /// Removes the sessions that are too old while nothing is recorded.
    func tidy(within retention: Retention, at now: Int64) {
        guard retention.maximumAge != nil, now - max(lookedAt, tidiedAt) >= Self.interval.usual else { return }
        tidiedAt = now
        var age = retention
        (age.maximumBytes, age.minimumFree) = (nil, 0)
        // An error of the folder is told when a session begins.
        _ = try? apply(age, free: 0)
    }

    /// Returns what a user should know of sessions that stay against the rules, each once.
    func takeComplaints() -> [String] {
        defer { complaints = [] }
        return complaints
    }

    private func apply(_ retention: Retention, free: Int64) throws(RecordingError) -> String? {
        let sessions = retention.limitsSessions || retention.removesOldest ? try inventory() : []
        let now = Double(WallTime.now().nanoseconds) / 1e9
        return retention.verdict(on: sessions, free: free, now: now, removing: remove).problem
    }

    /// Removes a session that nobody holds, such as a repair; returns the bytes that it still occupies.
    private func remove(_ session: Retention.Session) -> Int64 {
        let folder = SessionFolder(path: "\(store.path)/\(session.name)")
        guard !SessionLock.isHeld(folder) else { return session.bytes }
        closed[session.name] = nil
        do throws(RecordingError) {
            try store.remove(session.name)
            return 0
        } catch {
            if stuck.insert(session.name).inserted {
                complaints.append("the session \(session.name) is to be removed and cannot be: \(error)")
            }
            return SessionStore.size(of: folder.path).bytes
        }
    }

    /// Returns the properties of each session that `Retention` uses.
    private func inventory() throws(RecordingError) -> [Retention.Session] {
        var known: [String: Retention.Session] = [:]
        var result: [Retention.Session] = []
        for name in try store.names() {
            guard let session = closed[name] ?? store.look(at: name) else { continue }
            if !session.isOpen { known[name] = session }
            result.append(session)
        }
        closed = known
        return result
    }
}
