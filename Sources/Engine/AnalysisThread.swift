// The thread that turns samples into activities.

import AudioCore
import CLinux
import EventServer
import Synchronization
import System

/// Runs the analysis of all sources, one after the other, until it is stopped or all of them have ended.
///
/// It looks for samples every 2 ms while some arrive and every 20 ms while none do, so it waits at a fraction of a
/// percent of a core; it takes no lock and performs no I/O but the doorbell of the delivery thread, which it rings when
/// it rests and every 5 ms while it works.
final class AnalysisThread: Sendable {
    private let shared: Shared

    /// What both sides of the thread see.
    private final class Shared: Sendable {
        let stop = Atomic<Bool>(false)
        let finished = Atomic<Bool>(false)
        /// When the loop last came round, nanoseconds of the monotonic clock.
        let alive = Atomic<Int64>(SystemClock.monotonic)
        /// CPU time used, in microseconds.
        let used = Atomic<Int64>(0)
    }

    /// What the thread owns.
    private final class Loop {
        let sources: [SourceAnalysis]
        var output: AnalysisProducer
        let wakeup: Wakeup?
        let shared: Shared

        init(sources: [SourceAnalysis], output: consuming AnalysisProducer, wakeup: Wakeup?, shared: Shared) {
            self.sources = sources
            self.output = output
            self.wakeup = wakeup
            self.shared = shared
        }

        func run() {
            var idle = 0
            var bell = Doorbell()
            while !shared.stop.load(ordering: .relaxed) {
                // One block of each source in turn, so that none waits for another to run dry.
                var worked = false
                for source in sources where source.turn(&output) { worked = true }
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
                SystemClock.sleep(nanoseconds: idle < 100 ? 2_000_000 : 20_000_000)
            }
            shared.finished.store(true, ordering: .releasing)
        }
    }

    /// Starts the thread.
    ///
    /// - Parameters:
    ///   - sources: belong to the new thread from now on.
    ///   - wakeup: signalled when there are new reports.
    init(_ sources: sending [SourceAnalysis], output: consuming sending AnalysisProducer, wakeup: Wakeup?)
        throws(EngineError)
    {
        shared = Shared()
        let loop = Loop(sources: sources, output: output, wakeup: wakeup, shared: shared)
        do throws(SystemError) {
            try DetachedThread.start("analysis") { loop.run() }
        } catch {
            throw .thread(reason: error.description)
        }
    }

    /// Nanoseconds since the loop last came round; a large value means that it hangs.
    var sinceSign: Int64 { SystemClock.monotonic - shared.alive.load(ordering: .relaxed) }

    /// CPU seconds the analysis has used.
    var cpuSeconds: Double { Double(shared.used.load(ordering: .relaxed)) * 1e-6 }

    /// Stops the thread and waits for it until `deadline`, in nanoseconds of the monotonic clock.
    func stop(until deadline: Int64) {
        shared.stop.store(true, ordering: .relaxed)
        while !shared.finished.load(ordering: .acquiring) && SystemClock.monotonic < deadline {
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
    }
}

/// Decides when to ring: as soon as there is nothing more to do, and now and then while there is, so that events do not
/// wait for a pause that never comes.
struct Doorbell {
    /// Longest time that news waits while the analysis works, in nanoseconds: less than half a hop.
    static let longestWait: Int64 = 5_000_000

    /// When the oldest report came for which the delivery thread was not woken.
    private var newsSince: Int64?

    /// Something was done at `now`; true when it is time to ring.
    mutating func worked(at now: Int64) -> Bool {
        guard let since = newsSince else {
            newsSince = now
            return false
        }
        guard now - since >= Self.longestWait else { return false }
        newsSince = now
        return true
    }

    /// There was nothing to do; true when there is news to ring for.
    mutating func rested() -> Bool {
        defer { newsSince = nil }
        return newsSince != nil
    }
}
