// The queue of one sink.

import EventServer
import Events
import Synchronization

/// A bounded queue between the link to the daemon and the thread of a sink. Any thread may use it.
///
/// While the sink is slow, a newer level frame replaces the waiting one of the same stream. When the queue is full,
/// the whole backlog is dropped, and the sink receives the current state instead: see ``Batch/lost``.
final class SinkQueue: Sendable {
    /// The contents of the queue.
    struct Batch {
        var events: [SinkEvent] = []
        /// Events that were dropped before these; above 0 the current state must be requested.
        var lost = 0
    }

    /// Largest number of events.
    let capacity: Int
    /// Readable when an event waits.
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
            // After a loss all events are dropped until the current state is requested.
            if batch.lost > 0 { batch.lost += 1 } else { batch.events.append(event) }
        }
        wakeup.signal()
    }

    /// Removes and returns all events.
    func take() -> Batch {
        wakeup.drain()
        return batch.withLock { batch in
            defer { batch = Batch() }
            return batch
        }
    }

    /// Discards all events.
    func clear() {
        batch.withLock { $0 = Batch() }
    }
}
