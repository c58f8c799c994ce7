// The thread that a supervisor runs on.

import AudioCore
import Synchronization
import System

/// Runs one `SourceSupervisor` on a thread of its own.
public final class CaptureThread: Sendable {
    /// What the source does.
    public let status: SourceStatus
    /// Whether the thread got the real-time priority that was asked for.
    public let isRealtime: Bool

    private let stopFlag: StopFlag
    private let finish: Finish

    private final class Finish: Sendable {
        let isReached = Atomic<Bool>(false)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - supervisor: belongs to the new thread from now on.
    ///   - name: shown by `ps -L`, which knows the first 15 bytes.
    ///   - priority: SCHED_FIFO priority 1...99, or nil for the ordinary scheduler. When the system refuses it the
    ///     thread runs without, and `isRealtime` says so.
    public init(_ supervisor: sending SourceSupervisor, name: String = "capture", priority: Int? = nil)
        throws(AudioInputError)
    {
        status = supervisor.status
        stopFlag = supervisor.stop
        finish = Finish()
        do throws(SystemError) {
            isRealtime = try DetachedThread.start(name, priority: priority) { [finish] in
                supervisor.run()
                finish.isReached.store(true, ordering: .releasing)
            }
        } catch {
            throw .thread(detail: error.description)
        }
    }

    /// True when the thread has done its work: the source ended, failed or was stopped.
    public var isFinished: Bool { finish.isReached.load(ordering: .acquiring) }

    /// Asks the thread to stop and waits for it.
    ///
    /// - Returns: false when it did not come within the time because a driver hangs; it is then left behind.
    @discardableResult
    public func stop(withinMilliseconds limit: Int = 1_000) -> Bool {
        askToStop()
        return join(withinMilliseconds: limit)
    }

    /// Asks the thread to stop and does not wait: to stop several threads, ask all of them first.
    public func askToStop() {
        stopFlag.raise()
    }

    /// Waits for the end of the source; false when it did not come within the time.
    public func join(withinMilliseconds limit: Int) -> Bool {
        join(until: SystemClock.monotonic + Int64(limit) * 1_000_000)
    }

    /// Waits for the end of the source; false when it had not come at `deadline`, in nanoseconds of the monotonic clock.
    @discardableResult
    public func join(until deadline: Int64) -> Bool {
        while !isFinished {
            guard SystemClock.monotonic < deadline else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }
}
