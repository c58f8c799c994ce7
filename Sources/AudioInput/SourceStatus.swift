// What the capture thread publishes about its source for everybody else to read at any time.

import AudioCore
import Synchronization

/// The live state of one source. The capture thread writes; any thread reads, whatever state the source is in.
public final class SourceStatus: Sendable {
    private let word = Atomic<Int>(SourceState.waiting.rawValue)
    private let lastCode = Atomic<Int32>(0)
    private let heard = Atomic<Int>(0)
    private let missing = Atomic<Int>(0)
    private let openings = Atomic<Int>(0)
    private let alive = Atomic<Int64>(SystemClock.monotonic)
    /// Taken only while a source is being opened, never on the running path.
    private let text = Mutex("")

    /// Creates the status of a source that was not tried yet.
    public init() {}

    /// Where the source stands.
    public var state: SourceState { SourceState(rawValue: word.load(ordering: .acquiring)) ?? .waiting }
    /// The backend's code of the last loss or failure, 0 for none.
    public var code: Int32 { lastCode.load(ordering: .acquiring) }
    /// Frames that came from the device since the start.
    public var frames: Int { heard.load(ordering: .relaxed) }
    /// Frames known or estimated to be missing since the start.
    public var lost: Int { missing.load(ordering: .relaxed) }
    /// Times the source was opened.
    public var opens: Int { openings.load(ordering: .relaxed) }
    /// Why it could not be opened the last time; empty when it could.
    public var message: String { text.withLock { $0 } }

    /// Nanoseconds since the capture thread last came round. It does so every 100 ms, and when a server does not answer
    /// an opening within some seconds, so more than that means that it hangs inside a driver; a watchdog looks here.
    public var sinceSign: Int64 { SystemClock.monotonic - alive.load(ordering: .relaxed) }

    func publish(_ state: SourceState, code: Int32) {
        lastCode.store(code, ordering: .releasing)
        word.store(state.rawValue, ordering: .releasing)
    }

    func countOpening(message: String) {
        text.withLock { $0 = message }
        if message.isEmpty { openings.wrappingAdd(1, ordering: .relaxed) }
    }

    func count(frames: Int) { heard.wrappingAdd(frames, ordering: .relaxed) }
    func count(lost: Int) { missing.wrappingAdd(lost, ordering: .relaxed) }
    func sign(at monotonic: Int64) { alive.store(monotonic, ordering: .relaxed) }
}
