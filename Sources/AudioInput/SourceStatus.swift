// The status of a source, which the capture thread writes and any thread reads.

import AudioCore
import Synchronization
import System

/// The live status of one source. The capture thread writes it; any thread may read it in every state.
public final class SourceStatus: Sendable {
    private let word = Atomic<Int>(SourceState.waiting.rawValue)
    private let lastCode = Atomic<Int32>(0)
    private let heard = Atomic<Int>(0)
    private let missed = Missed()
    private let openings = Atomic<Int>(0)
    private let alive = Atomic<Int64>(SystemClock.monotonic)
    private let lastArrival = Atomic<Int64>(0)
    private let burst = Atomic<Int>(0)
    /// These locks are taken only while a source is opened or after it failed, never while frames are read.
    private let text = Mutex("")
    private let opened = Mutex("")

    /// A counter for each cause.
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

    /// Creates the status of a source that has not been opened yet.
    public init() {}

    /// The state of the source.
    public var state: SourceState { SourceState(rawValue: word.load(ordering: .acquiring)) ?? .waiting }
    /// The backend's code of the last loss or failure, 0 for none.
    public var code: Int32 { lastCode.load(ordering: .acquiring) }
    /// Number of frames from the device since the start.
    public var frames: Int { heard.load(ordering: .relaxed) }
    /// Number of frames that were not analysed since the start, known or estimated: frames that the device lost, and
    /// frames that the analysis skipped to stay live.
    public var lost: Int { GapCause.counted.reduce(0) { $0 + lost($1) } }
    /// Returns the number for one cause.
    public func lost(_ cause: GapCause) -> Int { missed.frames(cause) }
    /// Number of openings of the source.
    public var opens: Int { openings.load(ordering: .relaxed) }
    /// The reason why the last opening failed or reading stopped; empty when neither happened.
    public var message: String { text.withLock { $0 } }

    /// The last opened device, where the name of the source does not identify it; empty where it does.
    public var device: String { opened.withLock { $0 } }

    /// Nanoseconds since the last sign of life of the capture thread. The thread gives one at least every 100 ms, and
    /// within some seconds when a server does not answer an opening; a larger value means that it hangs inside a
    /// driver. A watchdog reads this value.
    public var sinceSign: Int64 { SystemClock.monotonic - alive.load(ordering: .relaxed) }

    /// Frames of one delivery of a device, and when the last one came. Devices deliver a period at a time.
    public struct Arrival: Equatable, Sendable {
        /// Nanoseconds of the monotonic clock.
        public var time: Int64
        /// Frames of the last complete delivery; at least 1.
        public var frames: Int

        /// Creates an arrival.
        public init(time: Int64, frames: Int) {
            self.time = time
            self.frames = max(1, frames)
        }
    }

    /// The last delivery of the device, whose frames are in the queue; `nil` before the second one, while the source is
    /// not open, and when its deliveries have no period. Time and frames may belong to neighbouring deliveries, because
    /// they are read one after the other.
    public var arrival: Arrival? {
        let frames = burst.load(ordering: .relaxed)
        return frames > 0 ? Arrival(time: lastArrival.load(ordering: .acquiring), frames: frames) : nil
    }

    func publish(_ state: SourceState, code: Int32) {
        lastCode.store(code, ordering: .releasing)
        word.store(state.rawValue, ordering: .releasing)
    }

    func countOpening(message: String) {
        text.withLock { $0 = message }
        if message.isEmpty { openings.wrappingAdd(1, ordering: .relaxed) }
    }

    func name(_ device: String) { opened.withLock { $0 = device } }

    /// Stores the reason why an open source could not be read further.
    func explain(_ message: String) { text.withLock { $0 = message } }

    /// Records a delivery, after its frames are in the queue; the capture thread calls it.
    public func noteArrival(at monotonic: Int64) { lastArrival.store(monotonic, ordering: .releasing) }
    /// Records the size of a complete delivery, 0 when it is unknown; the capture thread calls it.
    public func noteBurst(frames: Int) { burst.store(frames, ordering: .relaxed) }
    func count(frames: Int) { heard.wrappingAdd(frames, ordering: .relaxed) }
    /// Counts frames that were not analysed. The capture thread calls it, and the analysis thread for frames that it
    /// skips.
    public func count(lost: Int, _ cause: GapCause) { missed.count(lost, cause) }
    func sign(at monotonic: Int64) { alive.store(monotonic, ordering: .relaxed) }
}
