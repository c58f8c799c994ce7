// What a log has said.

import Synchronization

/// Lines from any thread.
final class Lines: Sendable {
    private let lines = Mutex("")

    func add(_ line: String) { lines.withLock { $0 += line + "\n" } }

    var text: String { lines.withLock { $0 } }
}
