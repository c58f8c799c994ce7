// The progress of a replay, on standard error when that is a terminal.

import Glibc
import WholeFiles

/// A progress bar that redraws itself at most ten times a second.
struct ProgressBar {
    private let duration: Double?
    private let isShown: Bool
    private var begun: Double?
    private var lastDrawn = -Double.infinity

    /// - Parameter duration: total seconds of audio; nil where it is unknown.
    init(duration: Double?, isQuiet: Bool) {
        self.duration = duration
        isShown = !isQuiet && isatty(STDERR_FILENO) == 1
    }

    /// Shows that `seconds` of audio are done; `now` is in seconds of any monotonic clock.
    mutating func show(_ seconds: Double, now: Double) {
        let begun = begun ?? now
        self.begun = begun
        guard isShown, now - lastDrawn >= 0.1 else { return }
        lastDrawn = now
        let speed = now > begun ? seconds / (now - begun) : 0
        let line = Self.line(seconds, of: duration, speed: speed, width: min(79, Terminal.size.width - 1))
        try? WholeFile.writeAll(Array("\r\(line)\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// Removes the bar before other output.
    func clear() {
        guard isShown, lastDrawn > -.infinity else { return }
        try? WholeFile.writeAll(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// The bar as text: "1:05 of 3:20 ██████▌            58.0 x real time".
    static func line(_ seconds: Double, of duration: Double?, speed: Double, width: Int) -> String {
        let tail = padded(fixed(speed, decimals: 1), 7) + " x real time"
        guard let duration, duration > 0 else { return clock(seconds) + tail }
        let head = "\(padded(clock(seconds), clock(duration).count)) of \(clock(duration)) "
        return head + bar(seconds / duration, width: max(0, width - head.count - tail.count)) + tail
    }
}
