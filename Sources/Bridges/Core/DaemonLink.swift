// The connection to the daemon, which reconnects and feeds every sink.

import AudioCore
import EventServer
import Events
import Glibc
import JSON
import Synchronization
import System

/// Reads the daemon's lines, reconnects after a loss, and appends the events to the queues of the sinks. Any thread
/// may use it.
final class DaemonLink: Sendable {
    /// The known state of the daemon.
    private struct State {
        var queues: [SinkQueue] = []
        var isConnected = false
        /// Whether the reply to the subscription has arrived; only the snapshot after it is used, so that no sink
        /// receives `hello` twice.
        var isSubscribed = false
        /// The reason why it is not connected.
        var reason = "the bridge has not yet connected to the daemon"
        var hello: Hello?
        var board = StateBoard()
        var rate = 10.0
        var metrics = ""
        var lines: Int64 = 0
        var connections: Int64 = 0
        var unreadable: Int64 = 0

        /// Greets the sinks again when a stream appears that the daemon did not know when it sent its `hello`: a
        /// source's channels are known once its device has opened.
        mutating func meet(_ stream: String, _ arrival: Int64) {
            guard isConnected, var known = hello, !known.streams.contains(stream) else { return }
            known.streams.append(stream)
            hello = known
            for queue in queues {
                queue.append(SinkEvent(Event(.hello(known)), arrival: arrival))
                queue.append(SinkEvent(Event(.snapshot(board.snapshot(streams: known.streams))), arrival: arrival))
            }
        }
    }

    /// Milliseconds without an answer after which the daemon counts as lost.
    private let timeout: Int
    private let path: String
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())
    private let isStopping = Atomic<Bool>(false)
    private let wakeup: Wakeup

    init(path: String, timeout: Int, log: @escaping @Sendable (String) -> Void) throws(BridgeError) {
        self.path = path
        self.timeout = timeout
        self.log = log
        do {
            wakeup = try Wakeup()
        } catch {
            throw .system(call: "eventfd", code: EMFILE)
        }
    }

    /// Sets the queues to feed, and the largest `activity` rate they request, per second and stream.
    func feed(_ queues: [SinkQueue], rate: Double) {
        state.withLock {
            $0.queues = queues
            $0.rate = rate
        }
    }

    /// Empties a queue and returns the current state as events, in one step, so that no event is lost in between.
    func renewal(_ queue: SinkQueue) -> [SinkEvent] {
        state.withLock { state in
            queue.clear()
            guard state.isConnected, let hello = state.hello else {
                return [SinkEvent(Event(.closing(reason: state.reason)))]
            }
            return [
                SinkEvent(Event(.hello(hello))),
                SinkEvent(Event(.snapshot(state.board.snapshot(streams: hello.streams)))),
            ]
        }
    }

    /// Requests the end of the thread.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        wakeup.signal()
    }

    private var mustStop: Bool { isStopping.load(ordering: .acquiring) }

    /// The state of the connection, for `--status`.
    var json: JSONValue {
        state.withLock { state in
            .object([
                .init("socket", .string(path)), .init("connected", .bool(state.isConnected)),
                .init("message", .string(state.isConnected ? "" : state.reason)),
                .init("lines", .number(Double(state.lines))),
                .init("connections", .number(Double(state.connections))),
            ])
        }
    }

    /// Counters of the connection, and the daemon's own counters from its last reply.
    var metrics: String {
        state.withLock { state in
            """
            # HELP timbred_bridge_daemon_connected 1 while the daemon is connected.
            # TYPE timbred_bridge_daemon_connected gauge
            timbred_bridge_daemon_connected \(state.isConnected ? 1 : 0)
            # HELP timbred_bridge_lines_total Lines received from the daemon.
            # TYPE timbred_bridge_lines_total counter
            timbred_bridge_lines_total \(state.lines)
            # HELP timbred_bridge_unreadable_lines_total Lines from the daemon that this version cannot decode.
            # TYPE timbred_bridge_unreadable_lines_total counter
            timbred_bridge_unreadable_lines_total \(state.unreadable)
            # HELP timbred_bridge_connections_total Connections made to the daemon.
            # TYPE timbred_bridge_connections_total counter
            timbred_bridge_connections_total \(state.connections)

            """ + (state.isConnected ? state.metrics : "")
        }
    }

    /// The body of the thread.
    func run() {
        var backoff = Backoff(initial: 100, maximum: 3_000, seed: UInt64(bitPattern: SystemClock.monotonic))
        while !mustStop {
            do throws(EventServerError) {
                let client = try EventClient(path: path)
                state.withLock { state in
                    state.connections += 1
                    state.isSubscribed = false
                    state.hello = nil
                }
                lose(try follow(client, &backoff))
            } catch {
                lose("\(error)")
            }
            guard !mustStop else { return }
            var polled = pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
            _ = poll(&polled, 1, Int32(backoff.delay()))
        }
    }

    /// Reads until the connection ends; returns the reason. A daemon that refuses the client counts as not reached, so
    /// that `backoff` grows.
    private func follow(_ client: EventClient, _ backoff: inout Backoff) throws(EventServerError) -> String {
        var isGreeted = false
        var rate = -1.0
        var heard = SystemClock.monotonic
        var asked: Int64 = 0
        var farewell = "the daemon closed the connection"
        while !mustStop {
            let now = SystemClock.monotonic
            let wanted = state.withLock { $0.rate }
            if wanted != rate {
                rate = wanted
                do throws(EventServerError) {
                    try client.send("subscribe", [.init("activity_rate", .number(rate))])
                } catch {
                    // The daemon's reason is better than that of the failed call.
                    return reason(of: client) ?? "\(error)"
                }
            }
            // The reply shows that the daemon is alive, even when there are no events.
            if now - asked > Int64(timeout) * 300_000 {
                asked = now
                try client.send("metrics")
            }
            if now - heard > Int64(timeout) * 1_000_000 {
                return "the daemon has not responded for \(timeout / 1000) s"
            }
            switch try client.readLine(timeoutMilliseconds: 100) {
            case .closed: return farewell
            case .timeout: continue
            case .line(let line):
                heard = SystemClock.monotonic
                defer {
                    if !isGreeted, state.withLock({ $0.isConnected }) {
                        isGreeted = true
                        backoff.reset()
                        log("connected to the daemon at \(path)")
                    }
                }
                if let reason = take(line, at: heard) { farewell = reason }
            }
        }
        return "the bridge was stopped"
    }

    /// Returns the reason that the daemon gave before it closed the connection.
    private func reason(of client: EventClient) -> String? {
        while case .line(let line)? = try? client.readLine(timeoutMilliseconds: 0) {
            if let reason = take(line, at: SystemClock.monotonic) { return reason }
        }
        return nil
    }

    /// Processes a line; returns the reason when the daemon announces its end.
    private func take(_ line: String, at arrival: Int64) -> String? {
        guard let event = try? NumberedEvent(line: line).event else {
            state.withLock { $0.unreadable += 1 }
            return nil
        }
        let item = SinkEvent(event, line: line, arrival: arrival)
        return state.withLock { state in
            state.lines += 1
            switch event.body {
            case .reply(let reply):
                if reply.command == "subscribe" { state.isSubscribed = true }
                if case .done(let members) = reply.outcome, let text = members.first(where: { $0.name == "metrics" }) {
                    state.metrics = text.value.text ?? ""
                }
                return nil
            // The end is reported once, when the connection has ended.
            case .closing(let reason): return reason
            case .hello(let hello):
                state.hello = hello
            case .snapshot(let snapshot):
                state.board = StateBoard(snapshot)
                if state.isSubscribed, !state.isConnected, let hello = state.hello {
                    state.isConnected = true
                    for queue in state.queues { queue.append(SinkEvent(Event(.hello(hello)), arrival: arrival)) }
                }
            default:
                state.board.note(event)
                if let stream = event.position?.stream { state.meet(stream, arrival) }
            }
            guard state.isConnected else { return nil }
            for queue in state.queues { queue.append(item) }
            return nil
        }
    }

    private func lose(_ reason: String) {
        let isNews = state.withLock { state in
            let isNews = state.isConnected || state.reason != reason
            state.reason = reason
            state.board = StateBoard()
            state.isConnected = false
            guard isNews else { return false }
            let item = SinkEvent(Event(.closing(reason: reason)))
            for queue in state.queues { queue.append(item) }
            return true
        }
        if isNews, !mustStop { log("\(reason); waiting for the daemon") }
    }
}

extension StateBoard {
    /// Creates the state that corresponds to a snapshot.
    fileprivate init(_ snapshot: Snapshot) {
        self.init()
        for active in snapshot.active {
            note(
                Event(
                    stream: active.stream, time: StreamTime(frame: 0, seconds: active.since, wall: nil),
                    .on(
                        .init(
                            instrument: active.instrument, family: active.family, confidence: active.confidence))))
        }
        for entry in snapshot.health {
            note(
                Event(
                    stream: entry.stream, time: StreamTime(frame: 0, seconds: 0, wall: nil),
                    .health(.init(state: entry.state, source: "", message: ""))))
        }
    }
}
