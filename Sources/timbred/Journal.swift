// The daemon's messages on standard error, one line per message.

import Configuration
import EventServer
import Glibc

/// Writes messages to standard error. If systemd's journal reads it, the lines have the priority prefixes of
/// sd-daemon(3); otherwise they start with the program's name.
///
/// A reader of standard error that stops reading delays nothing: messages wait on a separate thread, and messages for
/// which there is no room are counted and dropped. Delivery thread only, except `flush`.
final class Journal {
    /// Largest number of waiting bytes.
    static let capacity = 65_536

    /// The lowest priority of the messages that are written.
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
        // Without a thread the messages are written directly, and the write may block.
        thread = try? OutputThread(descriptor, capacity: Self.capacity, name: "journal")
    }

    deinit { thread?.end() }

    func error(_ message: String) { write(.error, 3, message) }
    func warning(_ message: String) { write(.warning, 4, message) }
    func info(_ message: String) { write(.info, 6, message) }
    func debug(_ message: String) { write(.debug, 7, message) }

    /// Waits until all messages are written, at most this long.
    func flush(withinMilliseconds limit: Int = 250) {
        thread?.wait(withinMilliseconds: limit)
    }

    private func write(_ level: LogLevel, _ priority: Int, _ message: String) {
        guard level <= self.level else { return }
        let start = isPrefixed ? "<\(priority)>" : "timbred: "
        var text = start + message + "\n"
        if leftOut > 0 {
            text = start + "\(leftOut) messages were dropped: standard error was not read in time\n" + text
        }
        let bytes = Array(text.utf8)
        if let thread {
            let isTaken = thread.offer(bytes)
            leftOut = isTaken ? 0 : leftOut + 1
        } else {
            _ = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    /// Returns whether systemd's journal reads this descriptor, according to the device and inode in `JOURNAL_STREAM`
    /// (systemd.exec(5)).
    private static func isJournal(_ descriptor: Int32, _ stream: String?) -> Bool {
        var facts = stat()
        guard let stream, fstat(descriptor, &facts) == 0 else { return false }
        return stream == "\(facts.st_dev):\(facts.st_ino)"
    }
}
