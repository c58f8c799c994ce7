// A thread of a bridge that reports its end.

import Synchronization
import System

/// Runs a closure on its own thread.
final class BridgeThread: Sendable {
    private let ended = Atomic<Bool>(false)

    /// Starts the thread. All signals are blocked in it, so the main thread handles them.
    init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(BridgeError) {
        do throws(SystemError) {
            try DetachedThread.start(name, blocksSignals: true) { [self] in
                body()
                ended.store(true, ordering: .releasing)
            }
        } catch {
            throw .system(call: "pthread_create", code: error.code)
        }
    }

    /// Whether the closure has returned.
    var isOver: Bool { ended.load(ordering: .acquiring) }
}
