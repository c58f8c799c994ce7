// The lines that wait for one client, and the policy for a client that does not keep up.

import Events

/// A bounded queue of encoded lines, a pure value: its result depends only on the appended lines.
///
/// While the socket accepts no output, a level line replaces the waiting one of the same stream. Above the soft limit
/// the whole backlog and the lines that follow are dropped until the client reads again; the client then receives the
/// number of lines it missed and a snapshot, which replaces them. Replies are never dropped; they and other lines that
/// may not be dropped count towards the hard limit, twice the soft limit.
struct LineQueue {
    /// One line without its number, and its kind.
    struct Line: Equatable {
        enum Kind: Equatable {
            /// Levels of a stream; newer ones may replace it.
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

    /// The next output.
    enum Next: Equatable {
        /// This line.
        case line([UInt8])
        /// A `lagged` line for this many dropped lines, then a snapshot.
        case lagged(Int64)
    }

    private let softBytes: Int
    private let softLines: Int
    private var lines: [Line] = []
    private var head = 0
    private var bytes = 0
    /// Lines dropped since the client last kept up; the client is behind while this is above 0.
    private(set) var skipped: Int64 = 0
    /// The time at which it fell behind, in milliseconds; valid while `skipped` is above 0.
    private(set) var behindSince: UInt64 = 0

    init(softBytes: Int, softLines: Int) {
        self.softBytes = softBytes
        self.softLines = softLines
    }

    /// Number of waiting lines.
    var count: Int { lines.count - head }
    /// True when no line waits and no dropped lines are to be reported.
    var isEmpty: Bool { count == 0 && skipped == 0 }
    /// True when the waiting lines exceed the hard limit.
    var isOverHardLimit: Bool { bytes > 2 * softBytes || count > 2 * softLines }
    private var isOverSoftLimit: Bool { bytes > softBytes || count > softLines }

    /// Appends a line at time `now`, in milliseconds; `blocked` means that the socket currently accepts no output.
    /// Returns the number of dropped lines that will be reported.
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
        // Replies may exceed the limit repeatedly while the client is behind; `skipped` keeps the lines skipped
        // before.
        if skipped == 0 { behindSince = now }
        skipped += dropped
        return dropped
    }

    /// Removes and returns the next output; `nil` when there is none.
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
