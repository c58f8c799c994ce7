// The terminal while a live view owns it: alternate screen, no echo, no cursor; given back as it was.

import Glibc
import WholeFiles

/// A terminal taken over for drawing on. Used from one thread.
final class Terminal {
    private var saved = termios()
    private let isOurs: Bool

    /// Whether standard output is a terminal to draw on.
    static var isPresent: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether colour is welcome: https://no-color.org.
    static var wantsColour: Bool {
        isPresent && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// Columns and rows; 80 x 24 where it is unknown.
    static var size: (width: Int, height: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Takes the terminal over.
    init() {
        isOurs = tcgetattr(STDIN_FILENO, &saved) == 0
        enter()
    }

    /// Takes the terminal over again after `leave`.
    func enter() {
        if isOurs {
            var quiet = saved
            quiet.c_lflag &= ~tcflag_t(ECHO | ICANON)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet)
        }
        write("\u{1B}[?1049h\u{1B}[?25l")
    }

    /// Gives the terminal back; harmless when done twice.
    func leave() {
        write("\u{1B}[?25h\u{1B}[?1049l")
        if isOurs { tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved) }
    }

    /// Replaces the whole screen in one write, so that nothing flickers.
    func draw(_ lines: [String]) {
        write("\u{1B}[H" + lines.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
    }

    private func write(_ text: String) {
        try? WholeFile.writeAll(Array(text.utf8), to: STDOUT_FILENO)
    }
}
