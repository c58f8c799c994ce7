// The thread that turns samples into activities.

import AudioCore
import CLinux
import EventServer
import Glibc
import Synchronization

/// Runs the analysis of all sources, one after the other, until it is stopped or all of them have ended.
///
/// It looks for samples every 2 ms while some arrive and every 20 ms while none do, so it waits at a fraction of a
/// percent of a core; it takes no lock and performs no I/O but the doorbell of the delivery thread.
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

    private final class Start {
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
            var isNews = false
            while !shared.stop.load(ordering: .relaxed) {
                // One block of each source in turn, so that none waits for another to run dry.
                var worked = false
                for source in sources where source.turn(&output) { worked = true }
                shared.alive.store(SystemClock.monotonic, ordering: .relaxed)
                if worked {
                    idle = 0
                    isNews = true
                    continue
                }
                if isNews {
                    shared.used.store(Int64(timbre_thread_cpu_seconds() * 1e6), ordering: .relaxed)
                    wakeup?.signal()
                    isNews = false
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
        let start = Unmanaged.passRetained(
            Start(sources: sources, output: output, wakeup: wakeup, shared: shared))
        var thread = pthread_t()
        let error = pthread_create(&thread, nil, Self.main, start.toOpaque())
        guard error == 0 else {
            start.release()
            throw .thread(reason: String(cString: strerror(error)))
        }
        pthread_detach(thread)
    }

    /// Nanoseconds since the loop last came round; a large value means that it hangs.
    var sinceSign: Int64 { SystemClock.monotonic - shared.alive.load(ordering: .relaxed) }

    /// CPU seconds the analysis has used.
    var cpuSeconds: Double { Double(shared.used.load(ordering: .relaxed)) * 1e-6 }

    /// Stops the thread and waits for it, at most a second.
    func stop() {
        shared.stop.store(true, ordering: .relaxed)
        let end = SystemClock.monotonic + 1_000_000_000
        while !shared.finished.load(ordering: .acquiring) && SystemClock.monotonic < end {
            SystemClock.sleep(nanoseconds: 1_000_000)
        }
    }

    private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { opaque in
        guard let opaque else { return nil }
        let start = Unmanaged<Start>.fromOpaque(opaque).takeRetainedValue()
        timbre_thread_name("analysis")
        start.run()
        return nil
    }
}
