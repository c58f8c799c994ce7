// The threads that compute activities from samples.

import AudioCore
import CLinux
import EventServer
import Synchronization
import System

/// Runs the analysis of a group of sources until it is stopped.
///
/// Between two hops the thread sleeps until the next one can be complete; see ``Pause``. It takes no lock. Its only I/O
/// is the wakeup of the delivery thread, which it signals when it has no more work and every 5 ms while it works.
final class AnalysisThread: Sendable {
    private let shared: Shared

    /// The state that both sides of the thread read.
    private final class Shared: Sendable {
        let stop = Atomic<Bool>(false)
        let finished = Atomic<Bool>(false)
        /// Time of the last iteration of the loop, nanoseconds of the monotonic clock.
        let alive = Atomic<Int64>(SystemClock.monotonic)
        /// CPU time used, in microseconds.
        let used = Atomic<Int64>(0)
    }

    /// The state that only the thread uses.
    private final class Loop {
        let group: SourceGroup
        var output: AnalysisProducer
        let wakeup: Wakeup?
        let shared: Shared

        init(_ group: SourceGroup, output: consuming AnalysisProducer, wakeup: Wakeup?, shared: Shared) {
            self.group = group
            self.output = output
            self.wakeup = wakeup
            self.shared = shared
        }

        func run() {
            var idle = 0
            var bell = Doorbell()
            while !shared.stop.load(ordering: .relaxed) {
                let worked = group.turn(&output)
                let now = SystemClock.monotonic
                shared.alive.store(now, ordering: .relaxed)
                if worked ? bell.worked(at: now) : bell.rested() {
                    shared.used.store(Int64(saturating: timbre_thread_cpu_seconds() * 1e6), ordering: .relaxed)
                    wakeup?.signal()
                }
                if worked {
                    idle = 0
                    continue
                }
                idle += 1
                SystemClock.sleep(nanoseconds: Pause.nanoseconds(from: now, due: group.due, idle: idle))
            }
            shared.finished.store(true, ordering: .releasing)
        }
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - group: the new thread owns it from this call on.
    ///   - wakeup: signalled when there are new reports.
    init(_ group: sending SourceGroup, output: consuming sending AnalysisProducer, wakeup: Wakeup?)
        throws(EngineError)
    {
        shared = Shared()
        let loop = Loop(group, output: output, wakeup: wakeup, shared: shared)
        do throws(SystemError) {
            try DetachedThread.start("analysis") { loop.run() }
        } catch {
            throw .thread(reason: error.description)
        }
    }

    /// Nanoseconds since the last iteration of the loop; a large value means that the thread hangs.
    var sinceSign: Int64 { SystemClock.monotonic - shared.alive.load(ordering: .relaxed) }

    /// CPU seconds that the analysis has used.
    var cpuSeconds: Double { Double(shared.used.load(ordering: .relaxed)) * 1e-6 }

    /// Asks the thread to end; does not wait.
    func askToStop() { shared.stop.store(true, ordering: .relaxed) }

    /// Waits for the end of the thread until `deadline`, in nanoseconds of the monotonic clock.
    func join(until deadline: Int64) {
        while !shared.finished.load(ordering: .acquiring) && SystemClock.monotonic < deadline {
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
    }
}

/// Decides when the analysis thread signals the delivery thread: when it has no more work, and at intervals while it
/// works, so that events are not delayed until a pause.
struct Doorbell {
    /// Longest delay of a report while the analysis works, in nanoseconds: less than half a hop.
    static let longestWait: Int64 = 5_000_000

    /// Time of the oldest report for which the delivery thread was not woken.
    private var newsSince: Int64?

    /// Records that work was done at `now`; returns true when the delivery thread is to be woken.
    mutating func worked(at now: Int64) -> Bool {
        guard let since = newsSince else {
            newsSince = now
            return false
        }
        guard now - since >= Self.longestWait else { return false }
        newsSince = now
        return true
    }

    /// Records that there was no work; returns true when there are reports to wake the delivery thread for.
    mutating func rested() -> Bool {
        defer { newsSince = nil }
        return newsSince != nil
    }
}
