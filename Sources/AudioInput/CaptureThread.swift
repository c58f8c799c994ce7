// The thread that a supervisor runs on.

import AudioCore
import CLinux
import Glibc
import Synchronization

/// Runs one `SourceSupervisor` on a thread of its own.
public final class CaptureThread: Sendable {
    /// What the source does.
    public let status: SourceStatus
    /// Whether the thread got the real-time priority that was asked for.
    public let isRealtime: Bool

    private let stopFlag: StopFlag
    private let finish: Finish
    private let thread: pthread_t

    private final class Finish: Sendable {
        let isReached = Atomic<Bool>(false)
    }

    private final class Start {
        let supervisor: SourceSupervisor
        let name: String
        let finish: Finish

        init(supervisor: SourceSupervisor, name: String, finish: Finish) {
            self.supervisor = supervisor
            self.name = name
            self.finish = finish
        }
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - supervisor: belongs to the new thread from now on.
    ///   - name: at most 15 bytes, shown by `ps -L`.
    ///   - priority: SCHED_FIFO priority 1...99, or nil for the ordinary scheduler. When the system refuses it the
    ///     thread runs without, and `isRealtime` says so.
    public init(_ supervisor: sending SourceSupervisor, name: String = "capture", priority: Int? = nil)
        throws(AudioInputError)
    {
        status = supervisor.status
        stopFlag = supervisor.stop
        finish = Finish()
        let start = Unmanaged.passRetained(Start(supervisor: supervisor, name: name, finish: finish))
        var thread = pthread_t()
        var error = EPERM
        if let priority { error = Self.create(&thread, priority: priority, start) }
        isRealtime = error == 0
        if error != 0 { error = pthread_create(&thread, nil, Self.main, start.toOpaque()) }
        self.thread = thread
        if error != 0 {
            start.release()
            throw .thread(detail: String(cString: strerror(error)))
        }
    }

    /// True when the thread has done its work: the source ended, failed or was stopped.
    public var isFinished: Bool { finish.isReached.load(ordering: .acquiring) }

    /// Asks the thread to stop and waits for it.
    ///
    /// - Returns: false when it did not come within the time because a driver hangs; it is then left behind.
    @discardableResult
    public func stop(withinMilliseconds limit: Int = 1_000) -> Bool {
        stopFlag.raise()
        return join(withinMilliseconds: limit)
    }

    /// Waits for the end of the source; false when it did not come within the time.
    public func join(withinMilliseconds limit: Int) -> Bool {
        let end = SystemClock.monotonic + Int64(limit) * 1_000_000
        while !isFinished {
            guard SystemClock.monotonic < end else { return false }
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
        return true
    }

    /// Detached threads need no join, and one that hangs in a driver could not be joined anyway.
    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { opaque in
        guard let opaque else { return nil }
        let start = Unmanaged<Start>.fromOpaque(opaque).takeRetainedValue()
        pthread_detach(pthread_self())
        timbre_thread_name(start.name)
        start.supervisor.run()
        start.finish.isReached.store(true, ordering: .releasing)
        return nil
    }

    private static func create(_ thread: inout pthread_t, priority: Int, _ start: Unmanaged<Start>) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        var parameters = sched_param()
        parameters.sched_priority = Int32(priority)
        pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO)
        let error = pthread_attr_setschedparam(&attributes, &parameters)
        return error == 0 ? pthread_create(&thread, &attributes, main, start.toOpaque()) : error
    }
}
