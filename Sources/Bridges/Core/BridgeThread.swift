// A thread of a bridge that tells when its work is over.

import Synchronization
import System

/// Runs a body on a thread of its own.
final class BridgeThread: Sendable {
    private let ended = Atomic<Bool>(false)

    /// Starts the thread. All signals are left to the main thread.
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

    /// Whether the body has returned.
    var isOver: Bool { ended.load(ordering: .acquiring) }
}
