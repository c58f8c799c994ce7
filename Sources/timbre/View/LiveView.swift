// Runs the live view: processes events, draws at intervals, and handles keys and signals.

import Events
import Glibc
import System

/// A live view on the terminal, from `init` until `close`. Main thread only.
final class LiveView {
    /// The displayed state.
    var state = WatchState()
    /// Whether the user or a signal requested the end.
    private(set) var isDone = false

    /// Handled before the terminal is set up: a signal in between would end the program without restoring the
    /// terminal.
    private let signals = Signals(minding: Signals.ending + [SIGWINCH, SIGTSTP])
    private let terminal = Terminal()
    private let wanted: String?
    private var shown = 0
    private var isDirty = true
    private var lastDrawn: Int64 = 0
    private var keys: Int32 = STDIN_FILENO
    /// The interval between pictures in milliseconds: 25 pictures per second.
    private static let interval: Int64 = 40

    /// - Parameter stream: the stream to show first; nil for the first available one.
    init(stream: String?) {
        wanted = stream
        if isatty(STDIN_FILENO) == 0 { keys = -1 }
    }

    /// Processes an event; the next picture shows it.
    func apply(_ event: Event) {
        state.apply(event)
        if event.kind == .hello, let index = state.streamNames.firstIndex(where: { $0 == wanted }) { shown = index }
        isDirty = true
    }

    /// Sets the reason why no events arrive; nil when they arrive again.
    func report(_ trouble: String?) {
        guard state.trouble != trouble else { return }
        state.trouble = trouble
        isDirty = true
    }

    /// Draws if the interval has passed, handles keys and signals, and waits at most `milliseconds` for `descriptor`.
    /// Returns true when that is readable or closed.
    func turn(waitingFor descriptor: Int32 = -1, milliseconds: Int) -> Bool {
        let now = SystemClock.monotonicMilliseconds
        if isDirty, now - lastDrawn >= Self.interval { draw(now) }
        let timeout = isDirty ? min(milliseconds, max(0, Int(lastDrawn + Self.interval - now))) : milliseconds
        let ready = signals.wait(for: [descriptor, keys], milliseconds: timeout)
        if ready.contains(keys) { readKeys() }
        mind(signals.take())
        return ready.contains(descriptor)
    }

    /// Draws the state a last time and restores the terminal.
    func close() {
        terminal.leave()
    }

    private func draw(_ now: Int64) {
        lastDrawn = now
        isDirty = false
        let size = Terminal.size
        let view = WatchView(width: size.width, height: size.height, colour: Terminal.wantsColour)
        let name = shown < state.streamNames.count ? state.streamNames[shown] : wanted ?? ""
        terminal.draw(view.lines(of: state, stream: name))
    }

    private func readKeys() {
        var buffer = [UInt8](repeating: 0, count: 64)
        let count = read(keys, &buffer, buffer.count)
        guard count > 0 else {
            keys = -1
            return
        }
        for key in buffer[..<count] {
            switch key {
            case UInt8(ascii: "q"), 4: isDone = true
            case UInt8(ascii: "\t"):
                shown = state.streamNames.isEmpty ? 0 : (shown + 1) % state.streamNames.count
                isDirty = true
            default: break
            }
        }
    }

    private func mind(_ signals: Set<Int32>) {
        if !signals.isDisjoint(with: Signals.ending) { isDone = true }
        if signals.contains(SIGWINCH) { isDirty = true }
        if signals.contains(SIGTSTP) {
            terminal.leave()
            raise(SIGSTOP)
            terminal.enter()
            isDirty = true
        }
    }
}
