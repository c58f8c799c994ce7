// The progress of a set, on standard error when that is a terminal.

import Glibc
import System
import WholeFiles

/// A progress bar for several recordings, with the remaining time.
struct SetProgress {
    private let total: Int
    /// Total duration of all recordings in seconds, as far as known; it may be corrected during the run.
    var seconds: Double
    private let isShown: Bool
    private let begun: Double
    private var isDrawn = false

    /// Seconds of a monotonic clock.
    static var now: Double { SystemClock.monotonicSeconds }

    /// - Parameters:
    ///   - total: number of recordings.
    ///   - seconds: their total duration, as far as known.
    ///   - now: seconds of any monotonic clock.
    init(total: Int, seconds: Double, isQuiet: Bool, now: Double) {
        self.total = total
        self.seconds = seconds
        begun = now
        isShown = !isQuiet && isatty(STDERR_FILENO) == 1
    }

    /// Shows that this number of recordings and of seconds of audio are done.
    mutating func show(_ done: Int, heard: Double, now: Double) {
        guard isShown else { return }
        isDrawn = true
        let line = Self.line(
            done, of: total, heard: heard, ofSeconds: seconds, elapsed: now - begun,
            width: min(79, Terminal.size.width - 1))
        try? WholeFile.writeAll(Array("\r\(line)\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// Removes the bar.
    func clear() {
        if isDrawn { try? WholeFile.writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO) }
    }

    /// The bar as text: " 12 of 258 ██████▌        31.0 x real time, 0:42 left".
    static func line(
        _ done: Int, of total: Int, heard: Double, ofSeconds seconds: Double, elapsed: Double, width: Int
    ) -> String {
        let speed = elapsed > 0 ? heard / elapsed : 0
        let head = "\(padded("\(done)", "\(total)".count)) of \(total) "
        let left = speed > 0 ? ", \(clock(max(0, seconds - heard) / speed)) left" : ""
        let tail = padded(fixed(speed, decimals: 1), 7) + " x real time\(left)"
        let part = seconds > 0 ? heard / seconds : Double(done) / Double(max(1, total))
        return head + bar(part, width: max(0, width - head.count - tail.count)) + tail
    }
}
