// Detached threads of the C library: no thread joins them, so one that hangs in a driver or on a disk can be
// abandoned.

import CLinux
import Glibc

/// Starts threads.
///
/// Foundation's threads allocate and have run loops; these have only a name, a closure, and an optional real-time
/// priority.
public enum DetachedThread {
    private final class Work {
        let name: String
        let body: () -> Void

        init(_ name: String, _ body: @escaping () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a detached thread. Any thread may call it; it does not wait for the new thread.
    ///
    /// - Parameters:
    ///   - name: shown by `ps -L`, which displays the first 15 bytes.
    ///   - priority: SCHED_FIFO priority 1...99, or nil for the ordinary scheduler. When the system refuses it the
    ///     thread runs without it.
    ///   - blocksSignals: whether all signals are blocked in the new thread, so that the main thread receives them.
    ///   - body: runs on the new thread, which owns the closure and all captured values.
    /// - Returns: whether the thread has the real-time priority.
    /// - Throws: the error of `pthread_create`.
    @discardableResult
    public static func start(
        _ name: String, priority: Int? = nil, blocksSignals: Bool = false, _ body: sending @escaping () -> Void
    ) throws(SystemError) -> Bool {
        let work = Unmanaged.passRetained(Work(name, body))
        var before = sigset_t()
        if blocksSignals {
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_SETMASK, &all, &before)
        }
        defer { if blocksSignals { pthread_sigmask(SIG_SETMASK, &before, nil) } }
        var thread = pthread_t()
        var code = EPERM
        if let priority { code = create(&thread, priority: priority, work) }
        let isRealtime = code == 0
        if !isRealtime { code = pthread_create(&thread, nil, main, work.toOpaque()) }
        guard code == 0 else {
            work.release()
            throw SystemError(code: code)
        }
        pthread_detach(thread)
        return isRealtime
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { opaque in
        guard let opaque else { return nil }
        let work = Unmanaged<Work>.fromOpaque(opaque).takeRetainedValue()
        timbre_thread_name(work.name)
        work.body()
        return nil
    }

    private static func create(_ thread: inout pthread_t, priority: Int, _ work: Unmanaged<Work>) -> Int32 {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        var parameters = sched_param()
        parameters.sched_priority = Int32(priority)
        pthread_attr_setinheritsched(&attributes, Int32(PTHREAD_EXPLICIT_SCHED))
        pthread_attr_setschedpolicy(&attributes, SCHED_FIFO)
        let error = pthread_attr_setschedparam(&attributes, &parameters)
        return error == 0 ? pthread_create(&thread, &attributes, main, work.toOpaque()) : error
    }
}
