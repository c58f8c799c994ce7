// The thread of a supervisor.

import AudioCore
import Synchronization
import System

/// Runs one `SourceSupervisor` on its own thread.
public final class CaptureThread: Sendable {
    /// The status of the source.
    public let status: SourceStatus
    /// Whether the thread got the requested real-time priority.
    public let isRealtime: Bool

    private let stopFlag: StopFlag
    private let finish: Finish

    private final class Finish: Sendable {
        let isReached = Atomic<Bool>(false)
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - supervisor: the new thread owns it from this call on.
    ///   - name: shown by `ps -L`, which displays the first 15 bytes.
    ///   - priority: SCHED_FIFO priority 1...99, or nil for the ordinary scheduler. When the system refuses it the
    ///     thread runs without it, and `isRealtime` is false.
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

    /// True when the thread has finished: the source ended, failed or was stopped.
    public var isFinished: Bool { finish.isReached.load(ordering: .acquiring) }

    /// Stops the thread and waits for its end.
    ///
    /// - Returns: false when it did not end within the time because a driver hangs; the thread is then abandoned.
    @discardableResult
    public func stop(withinMilliseconds limit: Int = 1_000) -> Bool {
        askToStop()
        return join(withinMilliseconds: limit)
    }

    /// Requests the end of the thread without waiting: to stop several threads, call this for all of them first.
    public func askToStop() {
        stopFlag.raise()
    }

    /// Waits for the end of the thread; returns false when it did not end within the time.
    public func join(withinMilliseconds limit: Int) -> Bool {
        join(until: SystemClock.monotonic + Int64(limit) * 1_000_000)
    }

    /// Waits for the end of the thread; returns false when it did not end before `deadline`, in nanoseconds of the
    /// monotonic clock.
    @discardableResult
    public func join(until deadline: Int64) -> Bool {
        while !isFinished {
            guard SystemClock.monotonic < deadline else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }
}
