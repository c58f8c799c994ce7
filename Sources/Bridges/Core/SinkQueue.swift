// What waits for one sink.

import EventServer
import Events
import Synchronization

/// A bounded queue between the link to the daemon and the thread of a sink. For any thread.
///
/// While the sink is slow, a waiting level frame is replaced by the next one of its stream. When the queue is full the whole
/// backlog is dropped, and the sink is told the present state instead: see ``Batch/lost``.
final class SinkQueue: Sendable {
    /// What was waiting.
    struct Batch {
        var events: [SinkEvent] = []
        /// Events that were dropped before these; above 0 the state has to be asked for anew.
        var lost = 0
    }

    /// Events that may wait.
    let capacity: Int
    /// Readable when something waits.
    let wakeup: Wakeup
    private let batch = Mutex(Batch())

    init(capacity: Int = 4096) throws(BridgeError) {
        self.capacity = capacity
        do {
            wakeup = try Wakeup()
        } catch {
            throw .system(call: "eventfd", code: 24)
        }
    }

    /// Appends an event; never waits.
    func append(_ event: SinkEvent) {
        batch.withLock { batch in
            if batch.events.count >= capacity / 2, event.event.kind == .activity || event.event.kind == .tags {
                let stream = event.event.position?.stream
                batch.events.removeAll { $0.event.kind == event.event.kind && $0.event.position?.stream == stream }
            }
            guard batch.events.count < capacity else {
                batch.lost += batch.events.count + 1
                batch.events = []
                return
            }
            // After a loss nothing is of use until the state was asked for.
            if batch.lost > 0 { batch.lost += 1 } else { batch.events.append(event) }
        }
        wakeup.signal()
    }

    /// Takes everything out.
    func take() -> Batch {
        wakeup.drain()
        return batch.withLock { batch in
            defer { batch = Batch() }
            return batch
        }
    }

    /// Throws everything away.
    func clear() {
        batch.withLock { $0 = Batch() }
    }
}
