// What the daemon says to the person who runs it: one line a fact, on standard error.

import Configuration
import EventServer
import Glibc

/// Writes messages to standard error, with the priority prefixes that systemd's journal understands (sd-daemon(3)) where
/// that reads them, and with the program's name elsewhere.
///
/// A reader of standard error that stopped reading delays nothing: messages wait for it on a thread of their own, and
/// those for which there is no more room are counted and left out. Delivery thread only, but for `flush`.
final class Journal {
    /// Bytes of messages that may wait.
    static let capacity = 65_536

    /// The least important messages that are still written.
    var level: LogLevel
    private let isPrefixed: Bool
    private let descriptor: Int32
    private let thread: OutputThread?
    private var leftOut = 0

    init(level: LogLevel, descriptor: Int32 = 2, stream: String? = getenv("JOURNAL_STREAM").map { String(cString: $0) })
    {
        self.level = level
        self.descriptor = descriptor
        isPrefixed = Self.isJournal(descriptor, stream)
        // Without a thread the messages are written at once, as in any other program.
        thread = try? OutputThread(descriptor, capacity: Self.capacity, name: "journal")
    }

    deinit { thread?.end() }

    func error(_ message: String) { write(.error, 3, message) }
    func warning(_ message: String) { write(.warning, 4, message) }
    func info(_ message: String) { write(.info, 6, message) }
    func debug(_ message: String) { write(.debug, 7, message) }

    /// Waits until everything is written, at most so long.
    func flush(withinMilliseconds limit: Int = 250) {
        thread?.wait(withinMilliseconds: limit)
    }

    private func write(_ level: LogLevel, _ priority: Int, _ message: String) {
        guard level <= self.level else { return }
        let start = isPrefixed ? "<\(priority)>" : "timbred: "
        var text = start + message + "\n"
        if leftOut > 0 { text = start + "\(leftOut) messages were left out: they were not read in time\n" + text }
        let bytes = Array(text.utf8)
        if let thread {
            let isTaken = thread.offer(bytes)
            leftOut = isTaken ? 0 : leftOut + 1
        } else {
            _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    /// Whether systemd reads this descriptor: it says so by device and inode in `JOURNAL_STREAM` (systemd.exec(5)).
    private static func isJournal(_ descriptor: Int32, _ stream: String?) -> Bool {
        var facts = stat()
        guard let stream, fstat(descriptor, &facts) == 0 else { return false }
        return stream == "\(facts.st_dev):\(facts.st_ino)"
    }
}
