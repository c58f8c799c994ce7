// The Unix socket on which events go out and commands come in.

import Events
import Glibc
import System

/// Serves events to any number of clients from one thread, the delivery thread, with one `poll` loop.
///
/// Nothing here blocks, but for `turn` while it waits: a client that is slow, hostile or gone costs the others
/// nothing. `publish` only queues; the next `turn` sends. Its parts are cut by verb: EventServer+Accept,
/// EventServer+Commands.
public final class EventServer {
    /// Ends a waiting `turn`, from any thread.
    public let wakeup: Wakeup
    /// What the server counts, for metrics.
    public internal(set) var counters = ServerCounters()

    private var listening: ListeningSocket?
    let listeningDescriptor: Int32
    let limits: ServerLimits
    let policy: AccessPolicy
    let hello: () -> Hello
    weak var handler: (any CommandHandler)?
    let clock: () -> UInt64

    var clients: [Client] = []
    /// Consumers that are written to by threads of their own, and never asked anything: standard output.
    private(set) var outputs: [Client] = []
    /// Why an output was given up, until the caller takes it.
    private var outputFailure: Int32 = 0
    var board = StateBoard()
    var encoder = EventEncoder()
    /// Given back when the process runs out of descriptors, so that a client can be told and closed.
    var spare: Int32
    var budget = ConnectionBudget()
    /// Until then the listening socket is not looked at, in milliseconds.
    var listensAgainAt: UInt64 = 0
    private var watched: [Int32] = []
    private var polled: [pollfd] = []
    private var scratch = [UInt8](repeating: 0, count: 16_384)

    /// Creates a server on a listening socket, or without one (`nil`): then it only turns and watches.
    ///
    /// `wakeup` is one that other threads have already. `hello` is asked for each client; `handler` answers what the
    /// server cannot, and is not retained. `clock` gives milliseconds that never go back.
    public init(
        listening: consuming ListeningSocket?, limits: ServerLimits = ServerLimits(), wakeup: Wakeup? = nil,
        hello: @escaping () -> Hello,
        handler: (any CommandHandler)?, clock: @escaping () -> UInt64 = EventServer.monotonicMilliseconds
    ) throws(EventServerError) {
        if let wakeup { self.wakeup = wakeup } else { self.wakeup = try Wakeup() }
        policy = AccessPolicy(user: geteuid(), group: listening?.group ?? getegid())
        listeningDescriptor = listening?.descriptor ?? -1
        self.listening = listening
        self.limits = limits
        self.hello = hello
        self.handler = handler
        self.clock = clock
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    deinit {
        if spare >= 0 { Glibc.close(spare) }
    }

    /// The machine's monotonic clock.
    public static func monotonicMilliseconds() -> UInt64 {
        UInt64(SystemClock.monotonicMilliseconds)
    }

    /// Makes `turn` return when this descriptor becomes readable: a signalfd, a timerfd. It stays the caller's.
    public func watch(_ descriptor: Int32) {
        watched.append(descriptor)
    }

    /// Queues an event for every client that wants it, and remembers what it says for snapshots. Encodes at most
    /// once. Never blocks and sends nothing yet.
    public func publish(_ event: Event) {
        board.note(event)
        var encoded: [UInt8]?
        let kind: LineQueue.Line.Kind =
            if case .activity = event.body, let position = event.position { .levels(stream: position.stream) } else {
                .event
            }
        let now = clock()
        for group in [clients, outputs] {
            for client in group where !client.isDead && client.filter.admits(event) {
                let bytes = encoded ?? encoder.encode(event)
                encoded = bytes
                counters.skipped += client.enqueue(bytes, kind, now: now)
            }
        }
        counters.events += 1
    }

    /// Sends all lines to `descriptor` too, from `hello` on, numbered from 1. Its reader may be as slow as a client's, and
    /// hears `lagged` as a client does, but is never closed for it. The descriptor stays the caller's, to the end of the
    /// process.
    public func write(to descriptor: Int32) throws(EventServerError) {
        let wakeup = wakeup
        let thread = try OutputThread(descriptor, capacity: 0, name: "output") { wakeup.signal() }
        let output = Client(thread: thread, limits: limits)
        outputs.append(output)
        greet(output)
    }

    /// The errno for which an output of ``write(to:)`` was given up since the last call; `nil` when none was.
    public func takeOutputFailure() -> Int32? {
        defer { outputFailure = 0 }
        return outputFailure == 0 ? nil : outputFailure
    }

    /// Sends what waits, then waits at most `timeoutMilliseconds` (-1: for ever) for something to do, and does it.
    /// Returns the watched descriptors that are readable.
    public func turn(timeoutMilliseconds: Int) -> [Int32] {
        flush()
        polled.removeAll(keepingCapacity: true)
        let listens = listening != nil && clock() >= listensAgainAt
        polled.append(pollfd(fd: listens ? listeningDescriptor : -1, events: Int16(POLLIN), revents: 0))
        polled.append(pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0))
        for descriptor in watched { polled.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)) }
        let first = polled.count
        for client in clients {
            let events = (client.inputEnded || client.hasLine ? 0 : POLLIN) | (client.hasOutput ? POLLOUT : 0)
            polled.append(pollfd(fd: client.descriptor, events: Int16(events), revents: 0))
        }
        guard poll(&polled, nfds_t(polled.count), pollTimeout(timeoutMilliseconds)) >= 0 else { return [] }
        if polled[1].revents != 0 { wakeup.drain() }
        for (client, state) in zip(clients, polled[first...]) {
            serve(client, hungUp: Int32(state.revents) & (POLLHUP | POLLERR | POLLNVAL) != 0)
        }
        if polled[0].revents != 0 { acceptClients() }
        flush()
        return zip(watched, polled[2..<first]).compactMap { $1.revents == 0 ? nil : $0 }
    }

    /// A flood of commands does not wait, and a client that is behind is checked once a second.
    private func pollTimeout(_ timeout: Int) -> Int32 {
        if clients.contains(where: \.hasLine) { return 0 }
        var longest = timeout < 0 ? Int.max : timeout
        if clients.contains(where: \.isBlocked) { longest = min(longest, 1000) }
        let now = clock()
        if listensAgainAt > now { longest = min(longest, Int(clamping: listensAgainAt - now)) }
        return longest == .max ? -1 : Int32(clamping: longest)
    }

    private func serve(_ client: Client, hungUp: Bool) {
        client.receive(&scratch)
        for _ in 0..<Client.commandsPerTurn {
            guard !client.isDead, !client.isLineTooLong, let line = client.takeLine() else { break }
            answer(line, from: client)
        }
        if client.isLineTooLong {
            client.close(reason: "a line may have \(limits.lineBytes) bytes and yours has more", encoder: &encoder)
            counters.closed += 1
        }
        if hungUp { client.isDead = true }
    }

    private func flush() {
        let now = clock()
        for client in clients + outputs where !client.isDead && client.hasOutput {
            counters.lines += client.flush(now: now, encoder: &encoder) {
                board.snapshot(streams: hello().streams)
            }
            if let reason = client.reasonToClose(now: now) {
                client.close(reason: reason, encoder: &encoder)
                counters.closed += 1
            }
        }
        clients.removeAll(where: \.isDead)
        for output in outputs where output.isDead { outputFailure = output.thread?.failureCode ?? 0 }
        outputs.removeAll(where: \.isDead)
    }

    /// Stops listening, tells every client why and ends all connections, giving those that still read at most `timeout`
    /// milliseconds to take what waits for them.
    public func close(reason: String, timeout: Int = 500) {
        let end = clock() + UInt64(max(0, timeout))
        flush()
        while (clients + outputs).contains(where: \.isUnfinished), clock() < end {
            var waiting = clients.filter(\.hasOutput).map {
                pollfd(fd: $0.descriptor, events: Int16(POLLOUT), revents: 0)
            }
            poll(&waiting, nfds_t(waiting.count), 20)
            flush()
        }
        for client in clients + outputs { client.close(reason: reason, encoder: &encoder) }
        for output in outputs {
            output.thread?.wait(withinMilliseconds: Int(clamping: end - min(end, clock())))
        }
        clients = []
        outputs = []
        listening = nil
    }
}
