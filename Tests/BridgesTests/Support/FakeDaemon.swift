// A daemon that says what a test wants: the real event server on a real socket, on a thread of its own.

import EventServer
import Events
import Foundation
import Synchronization

/// Listens until it is ended, and says what is published.
final class FakeDaemon: Sendable {
    private struct Orders {
        var events: [Event] = []
        var isFrozen = false
        var mustEnd = false
        var hasEnded = false
        var published = 0
    }

    let path: String
    private let orders = Mutex(Orders())

    static let hello = hello(streams: ["main", "desk.2"])

    /// What a daemon of these streams says first.
    static func hello(streams: [String]) -> Hello {
        Hello(
            software: "timbred test", stream: streams[0], source: "tone:440", rate: 44_100, hop: 512,
            instruments: [
                .init(name: "piano", family: "keyboard"), .init(name: "violin", family: "strings"),
                .init(name: "voice", family: "voice"),
            ],
            model: .init(name: "test", sha256: String(repeating: "ab", count: 32)), latencyMilliseconds: 40,
            streams: streams)
    }

    /// Listens at `path`, or at a new one.
    init(path: String? = nil, hello: Hello = FakeDaemon.hello) throws {
        let path = path ?? NSTemporaryDirectory() + "bridge-\(UUID().uuidString.prefix(8))/timbred.sock"
        self.path = path
        // The socket is there before anybody is told of the daemon.
        let listening = Mutex<ListeningSocket?>(try ListeningSocket(path: path))
        Thread.detachNewThread { [self] in
            if let socket = listening.withLock({ $0.take() }) {
                let limits = ServerLimits(queueBytes: 64 << 20, queueLines: 1 << 20)
                if let server = try? EventServer(
                    listening: socket, limits: limits, hello: { hello }, handler: nil)
                {
                    run(server)
                }
            }
            orders.withLock { $0.hasEnded = true }
        }
    }

    private func run(_ server: EventServer) {
        while true {
            let (events, isFrozen, mustEnd) = orders.withLock { orders in
                defer { if !orders.isFrozen { orders.events = [] } }
                return (orders.isFrozen ? [] : orders.events, orders.isFrozen, orders.mustEnd)
            }
            if mustEnd { break }
            for event in events { server.publish(event) }
            if isFrozen { usleep(2_000) } else { _ = server.turn(timeoutMilliseconds: 2) }
            orders.withLock { $0.published += events.count }
        }
        server.close(reason: "the test ends it")
    }

    /// Says these events, and waits until they were handed to the clients.
    func publish(_ events: Event...) { publish(events) }

    func publish(_ events: [Event]) {
        let goal = orders.withLock { orders in
            orders.events += events
            return orders.published + orders.events.count
        }
        while orders.withLock({ $0.published }) < goal { usleep(500) }
    }

    /// From now on it holds its connections and answers nothing.
    func freeze() { orders.withLock { $0.isFrozen = true } }

    /// Ends it; its socket is gone when this returns.
    func end() {
        orders.withLock { $0.mustEnd = true }
        while !orders.withLock({ $0.hasEnded }) { usleep(500) }
    }

    deinit { orders.withLock { $0.mustEnd = true } }
}

/// Events of the fake daemon.
enum Say {
    static func time(_ seconds: Double) -> StreamTime {
        StreamClock(rate: 44_100).time(at: Int64((seconds * 44_100).rounded()))
    }

    static func on(
        _ instrument: String, _ family: String, at seconds: Double = 1, confidence: Float = 0.9, stream: String = "main"
    ) -> Event {
        Event(
            stream: stream, time: time(seconds),
            .on(.init(instrument: instrument, family: family, confidence: confidence)))
    }

    static func off(_ instrument: String, _ family: String, at seconds: Double = 2, stream: String = "main") -> Event {
        Event(
            stream: stream, time: time(seconds),
            .off(.init(instrument: instrument, family: family, confidence: 0.8, duration: 1)))
    }

    static func levels(at seconds: Double, stream: String = "main", violin: Float = 0.5) -> Event {
        Event(
            stream: stream, time: time(seconds),
            .activity(
                .init(instruments: ["piano", "violin", "voice"], levels: [0.125, violin, 0], peak: -3, rms: -20)))
    }

    static func mark(_ text: String, at seconds: Double = 1) -> Event {
        Event(stream: "main", time: time(seconds), .mark(text: text))
    }
}

/// Waits until something is true, a minute at most; false when it did not become so.
func eventually(_ isTrue: () throws -> Bool) rethrows -> Bool {
    let end = Date() + 60
    while Date() < end {
        if try isTrue() { return true }
        usleep(3_000)
    }
    return false
}
