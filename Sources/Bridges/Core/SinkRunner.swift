// The thread of one sink: opens it, passes events to it, and opens it again after a failure.

import AudioCore
import EventServer
import Events
import Glibc
import Synchronization
import System

/// Runs one sink until it is stopped. Any thread may use it.
final class SinkRunner: Sendable {
    /// The settings of the sink.
    let settings: SinkSettings
    /// The queue of its events.
    let queue: SinkQueue
    private let context: SinkContext
    /// Empties the queue and returns the current state as events, in one step.
    private let renewal: @Sendable (SinkQueue) -> [SinkEvent]
    private let status: Mutex<SinkStatus>
    private let isStopping = Atomic<Bool>(false)

    /// Milliseconds between attempts: the first pause and the longest.
    static let pauses = (initial: 500, maximum: 30_000)
    /// A sink that stayed open for this long starts again with the first pause, in nanoseconds.
    static let provenAfter: Int64 = 10_000_000_000

    init(
        _ settings: SinkSettings, _ context: SinkContext, renewal: @escaping @Sendable (SinkQueue) -> [SinkEvent]
    ) throws(BridgeError) {
        self.settings = settings
        self.context = context
        self.renewal = renewal
        queue = try SinkQueue()
        status = Mutex(SinkStatus(name: settings.description))
    }

    /// Its current status.
    var present: SinkStatus { status.withLock { $0 } }

    /// Requests that the thread switches everything off and ends.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        queue.wakeup.signal()
    }

    private var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    /// The body of the thread.
    func run() {
        var backoff = Backoff(
            initial: Self.pauses.initial, maximum: Self.pauses.maximum, seed: UInt64(bitPattern: SystemClock.monotonic))
        var trouble: String?
        while !mustStop {
            let begin = SystemClock.monotonic
            do {
                let sink = try settings.make(context)
                defer { sink.close() }
                try serve(sink, after: &trouble)
            } catch {
                fail("\(error)", after: &trouble)
                if SystemClock.monotonic - begin > Self.provenAfter { backoff.reset() }
                pause(milliseconds: backoff.delay())
            }
        }
        status.withLock {
            $0.state = .closed
            $0.message = ""
        }
    }

    /// Logs a failure, unless it is the `trouble` that the log already tells: a sink that opens and fails at once, as UDP
    /// to a closed port does, would fill the log.
    private func fail(_ sentence: String, after trouble: inout String?) {
        status.withLock { status in
            status.failures += 1
            status.state = .waiting
            status.message = sentence
        }
        if trouble != sentence { context.log("\(settings): \(sentence); retrying") }
        trouble = sentence
    }

    /// Serves the sink until it fails or is to stop. After a logged `trouble` the log says "open" once the sink is proven.
    private func serve(_ sink: any EventSink, after trouble: inout String?) throws {
        let proven = SystemClock.monotonic + Self.provenAfter
        status.withLock { if $0.state != .waiting { $0.state = .opening } }
        try sink.open()
        var ledger = SinkLedger(settings.filter)
        // The queue is emptied before the status becomes "open": events that arrive after that are passed on.
        let present = renewal(queue)
        status.withLock {
            $0.state = .open
            $0.message = ""
        }
        if trouble == nil { context.log("\(settings): open") }
        try tell(present, &ledger, sink)
        while !mustStop {
            if trouble != nil, SystemClock.monotonic >= proven {
                trouble = nil
                context.log("\(settings): open")
            }
            wait(for: sink.descriptors, milliseconds: sink.turnMilliseconds)
            let batch = queue.take()
            if batch.lost > 0 {
                status.withLock { $0.missed += Int64(batch.lost) }
                try tell(renewal(queue), &ledger, sink)
            } else {
                try tell(batch.events, &ledger, sink)
            }
            try sink.turn()
        }
        try sink.send(ledger.extinguish("the bridge was stopped", arrival: SystemClock.monotonic))
        try sink.turn()
    }

    private func tell(_ items: [SinkEvent], _ ledger: inout SinkLedger, _ sink: any EventSink) throws {
        var events: [SinkEvent] = []
        for item in items {
            if case .hello(let hello) = item.event.body { warn(hello, sink) }
            events += ledger.take(item)
        }
        guard !events.isEmpty else { return }
        try sink.send(events)
        let now = SystemClock.monotonic
        status.withLock { status in
            for event in events { status.count(delay: now - event.arrival) }
        }
    }

    /// Tells names in the settings that the daemon does not know, once.
    private func warn(_ hello: Hello, _ sink: any EventSink) {
        let unknown = (settings.filter.unknownNames(hello) + sink.unknownNames(hello)).joined(separator: "; ")
        let isNews = status.withLock { status in
            guard status.message != unknown else { return false }
            status.message = unknown
            return !unknown.isEmpty
        }
        if isNews { context.log("\(settings): \(unknown)") }
    }

    private func wait(for descriptors: [pollfd], milliseconds: Int) {
        var polled = [pollfd(fd: queue.wakeup.descriptor, events: Int16(POLLIN), revents: 0)] + descriptors
        _ = poll(&polled, nfds_t(polled.count), Int32(clamping: milliseconds))
    }

    /// Waits; events that arrive in the meantime are counted as missed, and the state at the next opening replaces
    /// them.
    private func pause(milliseconds: Int) {
        let end = SystemClock.monotonic + Int64(milliseconds) * 1_000_000
        while !mustStop, SystemClock.monotonic < end {
            wait(for: [], milliseconds: Int((end - SystemClock.monotonic) / 1_000_000) + 1)
            let batch = queue.take()
            status.withLock { $0.missed += Int64(batch.lost + batch.events.count) }
        }
    }
}
