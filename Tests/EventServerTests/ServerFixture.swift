// A real server on a real socket in a directory of its own, driven by the test's thread.

import Events
import Foundation
import JSON
import Testing

@testable import EventServer

/// A server, its clock and its handler. Clients connect to it for real; `settle` lets it do its work.
final class ServerFixture {
    let directory: String
    let server: EventServer
    let handler = RecordingHandler()
    let clock = TestClock()
    var path: String { directory + "/run/timbred.sock" }

    /// Two streams and three instruments, whatever the limits.
    static let hello = Hello(
        software: "timbred test", stream: "main", source: "tone:440", rate: 44_100, hop: 512,
        instruments: [
            .init(name: "piano", family: "keyboard"), .init(name: "violin", family: "strings"),
            .init(name: "voice", family: "voice"),
        ],
        model: .init(name: "test", sha256: String(repeating: "ab", count: 32)), latencyMilliseconds: 40,
        streams: ["main", "desk.2"])

    init(limits: ServerLimits = ServerLimits()) throws {
        directory = NSTemporaryDirectory() + "timbred-test-" + UUID().uuidString.prefix(8)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let clock = clock
        server = try EventServer(
            listening: ListeningSocket(path: directory + "/run/timbred.sock"), limits: limits,
            hello: { Self.hello }, handler: handler, clock: { clock.milliseconds })
        handler.server = server
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Turns until nothing happens that does not wait for a client.
    func settle(_ turns: Int = 4) {
        for _ in 0..<turns { _ = server.turn(timeoutMilliseconds: 0) }
    }

    /// A connected client that the server has greeted.
    func connect() throws -> EventClient {
        let client = try EventClient(path: path)
        settle()
        return client
    }

    /// Every line that has arrived, decoded.
    func lines(_ client: EventClient) throws -> [NumberedEvent] {
        var lines: [NumberedEvent] = []
        settle()
        while case .line(let line) = try client.readLine(timeoutMilliseconds: 0) {
            lines.append(try NumberedEvent(line: line))
            settle(1)
        }
        return lines
    }

    /// A connected client with its greeting read.
    func listener() throws -> EventClient {
        let client = try connect()
        #expect(try lines(client).map(\.event.kind) == [.hello, .snapshot])
        return client
    }

    static func time(_ seconds: Double) -> StreamTime {
        StreamClock(rate: 44_100).time(at: Int64((seconds * 44_100).rounded()))
    }

    static func on(_ instrument: String, at seconds: Double = 1, confidence: Float = 0.9, stream: String = "main")
        -> Event
    {
        Event(
            stream: stream, time: time(seconds),
            .on(.init(instrument: instrument, family: "strings", confidence: confidence)))
    }

    static func off(_ instrument: String, at seconds: Double = 2, confidence: Float = 0.8, stream: String = "main")
        -> Event
    {
        Event(
            stream: stream, time: time(seconds),
            .off(.init(instrument: instrument, family: "strings", confidence: confidence, duration: 1)))
    }

    static func levels(at seconds: Double, stream: String = "main", _ value: Float = 0.5) -> Event {
        Event(
            stream: stream, time: time(seconds),
            .activity(.init(instruments: ["piano", "violin"], levels: [value, 0], peak: -3, rms: -20)))
    }

    static func mark(_ text: String, at seconds: Double = 1) -> Event {
        Event(stream: "main", time: time(seconds), .mark(text: text))
    }
}

/// A clock that moves when it is told to.
final class TestClock {
    var milliseconds: UInt64 = 1_000_000
}

/// Answers commands and remembers them.
final class RecordingHandler: CommandHandler {
    weak var server: EventServer?

    func status() -> [JSONValue.Member] { [.init("uptime_seconds", .number(12))] }

    func metrics() -> String { "timbred_realtime_factor 0.01\n" }

    func mark(text: String, stream: String?) -> Reply.Outcome {
        server?.publish(ServerFixture.mark(text))
        return .done([])
    }

    func record(_ arguments: [JSONValue.Member]) -> Reply.Outcome {
        .refused("recording is not supported")
    }
}
