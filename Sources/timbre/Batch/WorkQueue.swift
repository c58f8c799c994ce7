// Distributes the recordings of a set to threads and collects the results; the only shared state of the threads.

import Synchronization
import System

/// The shared state of the workers and of the thread that waits for them.
final class WorkQueue<Outcome: Sendable>: Sendable {
    private struct State {
        var next = 0
        var done = 0
        var left = 0
        var isStopped = false
        var seconds: [Double]
        var outcomes: [Result<Outcome, Failure>?]
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(
            State(
                seconds: Array(repeating: 0, count: count), outcomes: (0..<count).map { _ in nil }))
    }

    /// Returns the next recording to process; nil when there is none, or when all work is to stop.
    func next() -> Int? {
        state.withLock { state in
            guard !state.isStopped, state.next < state.outcomes.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    /// Records the progress of a recording; returns whether to continue.
    func progress(_ index: Int, _ seconds: Double) -> Bool {
        state.withLock { state in
            state.seconds[index] = seconds
            return !state.isStopped
        }
    }

    func finish(_ index: Int, with outcome: Result<Outcome, Failure>?) {
        state.withLock { state in
            state.outcomes[index] = outcome
            state.done += 1
        }
    }

    func leave() { state.withLock { $0.left += 1 } }
    func stop() { state.withLock { $0.isStopped = true } }
    var left: Int { state.withLock { $0.left } }
    var done: Int { state.withLock { $0.done } }
    var isStopped: Bool { state.withLock { $0.isStopped } }
    var outcomes: [Result<Outcome, Failure>?] { state.withLock { $0.outcomes } }

    /// Returns the seconds processed so far; a finished recording counts in full.
    func seconds(of durations: [Double]) -> Double {
        state.withLock { state in
            durations.indices.reduce(0) { sum, index in
                sum + (state.outcomes[index] == nil ? min(state.seconds[index], durations[index]) : durations[index])
            }
        }
    }
}

extension WorkQueue {
    /// Calls `work` for every recording, on at most `jobs` threads, until all are done or a signal requests the end of
    /// the program. Blocks the caller.
    ///
    /// - Parameters:
    ///   - work: returns the result of a recording; nil when it was cancelled. The worker threads call it.
    ///   - watch: called on the caller's thread ten times a second.
    func run(
        jobs: Int, _ work: @escaping @Sendable (Int) -> Result<Outcome, Failure>?, watch: () -> Void
    ) throws(Failure) {
        let signals = Signals(minding: Signals.ending)
        let wanted = min(jobs, outcomes.count)
        var started = 0
        let body = { @Sendable in
            while let index = self.next() { self.finish(index, with: work(index)) }
            self.leave()
        }
        while started < wanted, (try? DetachedThread.start("worker", body)) != nil { started += 1 }
        guard started > 0 || wanted == 0 else {
            throw Failure(
                "the system cannot create another thread: end other programs, or raise its limit", .unavailable)
        }
        while left < started {
            _ = signals.wait(for: [], milliseconds: 100)
            if !signals.take().isEmpty { stop() }
            watch()
        }
    }
}
