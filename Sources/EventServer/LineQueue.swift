// The lines that wait for one client, and the policy for a client that does not keep up.

import Events

/// A bounded queue of encoded lines, a pure value: what is dropped and when follows from what was appended.
///
/// While the socket takes nothing, a level frame replaces the one of the same stream that still waits. Over the soft
/// limit the whole backlog is dropped and what follows with it, until the client reads again: then it is told how
/// many lines it missed and gets a snapshot, which makes up for them. Replies are never dropped; they and whatever
/// else may not be dropped meet the hard limit, twice the soft one.
struct LineQueue {
    /// One line without its number, and how it may be treated.
    struct Line: Equatable {
        enum Kind: Equatable {
            /// Levels of a stream, replaceable by newer ones.
            case levels(stream: String)
            /// May be dropped when a snapshot follows.
            case event
            /// A reply: never dropped.
            case reply
        }

        var kind: Kind
        /// From `"type"` to the line feed; shared by all clients.
        var bytes: [UInt8]
    }

    /// What comes next.
    enum Next: Equatable {
        /// This line.
        case line([UInt8])
        /// Word of this many dropped lines, then a snapshot.
        case lagged(Int64)
    }

    private let softBytes: Int
    private let softLines: Int
    private var lines: [Line] = []
    private var head = 0
    private var bytes = 0
    /// Lines dropped since the client last kept up; above 0 it is behind.
    private(set) var skipped: Int64 = 0
    /// When it fell behind, in milliseconds; meaningful while `skipped` is above 0.
    private(set) var behindSince: UInt64 = 0

    init(softBytes: Int, softLines: Int) {
        self.softBytes = softBytes
        self.softLines = softLines
    }

    /// Lines that wait.
    var count: Int { lines.count - head }
    /// True when nothing waits, not even word of dropped lines.
    var isEmpty: Bool { count == 0 && skipped == 0 }
    /// True when more waits than may ever wait.
    var isOverHardLimit: Bool { bytes > 2 * softBytes || count > 2 * softLines }
    private var isOverSoftLimit: Bool { bytes > softBytes || count > softLines }

    /// Appends a line at time `now`, in milliseconds; `blocked` says that the socket takes nothing at present. Returns how
    /// many lines were dropped that will be announced.
    @discardableResult
    mutating func append(_ line: Line, blocked: Bool, now: UInt64) -> Int64 {
        if skipped > 0, line.kind != .reply {
            guard line.kind == .event else { return 0 }
            skipped += 1
            return 1
        }
        if blocked, case .levels = line.kind { removeLines { $0.kind == line.kind } }
        lines.append(line)
        bytes += line.bytes.count
        guard isOverSoftLimit else { return 0 }
        let before = count
        let levels = lines[head...].count { if case .levels = $0.kind { true } else { false } }
        removeLines { $0.kind != .reply }
        let dropped = Int64(before - count - levels)
        // Replies may go over the limit again and again while the client is behind: what was skipped stays skipped.
        if skipped == 0 { behindSince = now }
        skipped += dropped
        return dropped
    }

    /// Takes the next line out; `nil` when nothing waits.
    mutating func next() -> Next? {
        guard head < lines.count else {
            guard skipped > 0 else { return nil }
            defer { skipped = 0 }
            return .lagged(skipped)
        }
        let line = lines[head]
        head += 1
        bytes -= line.bytes.count
        if head == lines.count || head >= 64 {
            lines.removeFirst(head)
            head = 0
        }
        return .line(line.bytes)
    }

    private mutating func removeLines(where matches: (Line) -> Bool) {
        lines.removeFirst(head)
        head = 0
        lines.removeAll(where: matches)
        bytes = lines.reduce(0) { $0 + $1.bytes.count }
    }
}
