// What the daemon says to the person who runs it: one line a fact, on standard error.

import Configuration
import Glibc

/// Writes messages to standard error with the priority prefixes that systemd's journal understands (sd-daemon(3)),
/// or without them when a person looks on.
struct Journal {
    /// The least important messages that are still written.
    var level: LogLevel
    private let isTerminal = isatty(2) == 1

    init(level: LogLevel) { self.level = level }

    func error(_ message: String) { write(.error, 3, message) }
    func warning(_ message: String) { write(.warning, 4, message) }
    func info(_ message: String) { write(.info, 6, message) }
    func debug(_ message: String) { write(.debug, 7, message) }

    private func write(_ level: LogLevel, _ priority: Int, _ message: String) {
        guard level <= self.level else { return }
        let line = (isTerminal ? "timbred: " : "<\(priority)>") + message + "\n"
        var bytes = Array(line.utf8)
        _ = Glibc.write(2, &bytes, bytes.count)
    }
}
