// The terminal during a live view: alternate screen, no echo, no cursor; restored afterwards.

import Glibc
import WholeFiles

/// A terminal in drawing mode. Only one thread may use it.
final class Terminal {
    private var saved = termios()
    private let isOurs: Bool

    /// Whether standard output is a terminal to draw on.
    static var isPresent: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether colour is permitted: https://no-color.org.
    static var wantsColour: Bool {
        isPresent && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// Columns and rows; 80 x 24 where they are unknown.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Sets up the terminal.
    init() {
        isOurs = tcgetattr(STDIN_FILENO, &saved) == 0
        enter()
    }

    /// Sets up the terminal again after `leave`.
    func enter() {
        if isOurs {
            var quiet = saved
            quiet.c_lflag &= ~tcflag_t(ECHO | ICANON)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        }
        write("\u{1B}[?1049h\u{1B}[?25l")
    }

    /// Restores the terminal; a second call has no effect.
    func leave() {
        write("\u{1B}[?25h\u{1B}[?1049l")
        if isOurs { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    }

    /// Replaces the whole screen in one write, so that it does not flicker.
    func draw(_ lines: [String]) {
        write("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
    }

    private func write(_ text: String) {
        try? WholeFile.writeAll(Array(text.utf8), to: STDOUT_FILENO)
    }
}
