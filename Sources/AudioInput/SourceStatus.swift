// The state of a source, which the capture thread publishes and any thread reads.

import AudioCore
import Synchronization
import System

/// The live state of one source. The capture thread writes; any thread reads, whatever state the source is in.
public final class SourceStatus: Sendable {
    private let word = Atomic<Int>(SourceState.waiting.rawValue)
    private let lastCode = Atomic<Int32>(0)
    private let heard = Atomic<Int>(0)
    private let missed = Missed()
    private let openings = Atomic<Int>(0)
    private let alive = Atomic<Int64>(SystemClock.monotonic)
    /// Taken only while a source is being opened, never on the running path.
    private let text = Mutex("")
    private let opened = Mutex("")

    /// A count for each cause.
    private final class Missed: Sendable {
        private let xrun = Atomic<Int>(0)
        private let overload = Atomic<Int>(0)
        private let reopened = Atomic<Int>(0)
        private let suspend = Atomic<Int>(0)

        func count(_ frames: Int, _ cause: GapCause) {
            switch cause {
            case .xrun: xrun.wrappingAdd(frames, ordering: .relaxed)
            case .overload: overload.wrappingAdd(frames, ordering: .relaxed)
            case .reopened: reopened.wrappingAdd(frames, ordering: .relaxed)
            case .suspend: suspend.wrappingAdd(frames, ordering: .relaxed)
            case .rateChange, .clockJump: break
            }
        }

        func frames(_ cause: GapCause) -> Int {
            switch cause {
            case .xrun: xrun.load(ordering: .relaxed)
            case .overload: overload.load(ordering: .relaxed)
            case .reopened: reopened.load(ordering: .relaxed)
            case .suspend: suspend.load(ordering: .relaxed)
            case .rateChange, .clockJump: 0
            }
        }
    }

    /// Creates the status of a source that was not tried yet.
    public init() {}

    /// Where the source stands.
    public var state: SourceState { SourceState(rawValue: word.load(ordering: .acquiring)) ?? .waiting }
    /// The backend's code of the last loss or failure, 0 for none.
    public var code: Int32 { lastCode.load(ordering: .acquiring) }
    /// Frames that came from the device since the start.
    public var frames: Int { heard.load(ordering: .relaxed) }
    /// Frames that were not heard since the start, by what is known or estimated: those the device lost, and those that the
    /// analysis passed over to stay live.
    public var lost: Int { GapCause.counted.reduce(0) { $0 + lost($1) } }
    /// The same by their cause.
    public func lost(_ cause: GapCause) -> Int { missed.frames(cause) }
    /// Times the source was opened.
    public var opens: Int { openings.load(ordering: .relaxed) }
    /// Why it could not be opened the last time, or could not be read on; empty when it could.
    public var message: String { text.withLock { $0 } }

    /// The device that was opened last, where the name of the source leaves that open; empty where it does not.
    public var device: String { opened.withLock { $0 } }

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

    func name(_ device: String) { opened.withLock { $0 = device } }

    /// Says why a source that was open could not be read on.
    func explain(_ message: String) { text.withLock { $0 = message } }

    func count(frames: Int) { heard.wrappingAdd(frames, ordering: .relaxed) }
    /// Counts frames that were not heard. From the capture thread, and from the analysis for what it passes over.
    public func count(lost: Int, _ cause: GapCause) { missed.count(lost, cause) }
    func sign(at monotonic: Int64) { alive.store(monotonic, ordering: .relaxed) }
}
