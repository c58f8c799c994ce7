// The Unix socket that sends events and receives commands.

import Events
import Glibc
import System

/// Serves events to any number of clients on one thread, the delivery thread, with one `poll` loop.
///
/// No method blocks, except `turn` while it waits and `close` for its timeout: a slow, hostile or disconnected client
/// does not affect the others. `publish` only queues; the next `turn` sends. Extensions contain its operations:
/// EventServer+Accept, EventServer+Commands.
public final class EventServer {
    /// Ends the wait of `turn`; any thread may signal it.
    public let wakeup: Wakeup
    /// The server's counters, for metrics.
    public internal(set) var counters = ServerCounters()

    private var listening: ListeningSocket?
    let listeningDescriptor: Int32
    let limits: ServerLimits
    let policy: AccessPolicy
    let hello: () -> Hello
    weak var handler: (any CommandHandler)?
    let clock: () -> UInt64

    var clients: [Client] = []
    /// Consumers with their own output threads, which send no commands: standard output.
    private(set) var outputs: [Client] = []
    /// The errno for which an output was abandoned, until the caller takes it.
    private var outputFailure: Int32 = 0
    var board = StateBoard()
    var encoder = EventEncoder()
    /// Closed when the process has no free descriptors, so that a client can be accepted, informed and closed.
    var spare: Int32
    var budget = ConnectionBudget()
    /// The time until which the listening socket is not polled, in milliseconds.
    var listensAgainAt: UInt64 = 0
    private var watched: [Int32] = []
    private var polled: [pollfd] = []
    private var scratch = [UInt8](repeating: 0, count: 16_384)

    /// Creates a server on a listening socket, or without one (`nil`): then `turn` only waits for the watched
    /// descriptors.
    ///
    /// `wakeup` is an existing wakeup that other threads signal. `hello` is called for each client. `handler` answers
    /// the commands that the server cannot answer; the server does not retain it. `clock` returns milliseconds that
    /// never decrease.
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

    /// The system's monotonic clock.
    public static func monotonicMilliseconds() -> UInt64 {
        UInt64(SystemClock.monotonicMilliseconds)
    }

    /// Makes `turn` return when this descriptor becomes readable: a signalfd, a timerfd. The caller continues to own
    /// it.
    public func watch(_ descriptor: Int32) {
        watched.append(descriptor)
    }

    /// Queues an event for every client whose subscription admits it, and updates the state for snapshots. Encodes the
    /// event at most once. Never blocks and sends nothing yet.
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

    /// Also sends all lines to `descriptor`, starting with `hello`, numbered from 1. A slow reader receives `lagged`
    /// as a client does, but the output is never closed for it. The caller continues to own the descriptor, which must
    /// stay open until the end of the process.
    public func write(to descriptor: Int32) throws(EventServerError) {
        let wakeup = wakeup
        let thread = try OutputThread(descriptor, capacity: 0, name: "output") { wakeup.signal() }
        let output = Client(thread: thread, limits: limits)
        outputs.append(output)
        greet(output)
    }

    /// Whether anybody may still receive something: a client may come or is there, or an output has not written all.
    public var hasConsumers: Bool {
        listeningDescriptor >= 0 || !clients.isEmpty || outputs.contains(where: \.isUnfinished)
    }

    /// Returns the errno for which an output of ``write(to:)`` was abandoned since the last call; `nil` when none was.
    public func takeOutputFailure() -> Int32? {
        defer { outputFailure = 0 }
        return outputFailure == 0 ? nil : outputFailure
    }

    /// Sends the pending output, then waits at most `timeoutMilliseconds` (-1: without limit) for input or output and
    /// processes it. Returns the watched descriptors that are readable.
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

    /// Pending commands are processed without waiting, and a blocked client is checked once a second.
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
            client.close(reason: "the received line exceeds the limit of \(limits.lineBytes) bytes", encoder: &encoder)
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

    /// Stops listening, sends the reason to every client and ends all connections. Waits at most `timeout`
    /// milliseconds for the clients that still read to receive their pending lines.
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
