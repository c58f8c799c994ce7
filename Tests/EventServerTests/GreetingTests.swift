// What a client gets without asking.

import Events
import Foundation
import Testing

@testable import EventServer

@Suite("A client that connects") struct GreetingTests {
    @Test("gets hello, then a snapshot, then events, numbered from 1")
    func order() throws {
        let fixture = try ServerFixture()
        fixture.server.publish(ServerFixture.on("violin"))
        let client = try fixture.connect()
        fixture.server.publish(ServerFixture.off("violin"))
        fixture.server.publish(ServerFixture.mark("now"))
        let lines = try fixture.lines(client)
        #expect(lines.map(\.event.kind) == [.hello, .snapshot, .off, .mark])
        #expect(lines.map(\.sequence) == [1, 2, 3, 4])
        #expect(lines.first?.event.body == .hello(ServerFixture.hello))
    }

    @Test("finds in the snapshot what is on and how each stream is")
    func snapshot() throws {
        let fixture = try ServerFixture()
        fixture.server.publish(ServerFixture.on("piano", at: 1))
        fixture.server.publish(ServerFixture.on("violin", at: 2, stream: "desk.2"))
        fixture.server.publish(ServerFixture.off("piano", at: 3))
        fixture.server.publish(
            Event(
                stream: "main", time: ServerFixture.time(0),
                .health(.init(state: .running, source: "tone:440", message: "listening"))))
        let client = try fixture.connect()
        let expected = Snapshot(
            active: [.init(stream: "desk.2", instrument: "violin", family: "strings", since: 2, confidence: 0.9)],
            health: [.init(stream: "main", state: .running), .init(stream: "desk.2", state: .waiting)])
        #expect(try fixture.lines(client).last?.event.body == .snapshot(expected))
    }

    @Test("is told why and closed when it is one too many, and the others stay")
    func oneTooMany() throws {
        let fixture = try ServerFixture()
        let clients = try (0..<64).map { _ in try fixture.listener() }
        let last = try fixture.connect()
        let lines = try fixture.lines(last)
        #expect(lines.map(\.event.body) == [.closing(reason: "the limit of 64 clients is reached")])
        #expect(try last.readLine(timeoutMilliseconds: 0) == .closed)
        fixture.server.publish(ServerFixture.mark("still here"))
        for client in clients { #expect(try fixture.lines(client).map(\.event.kind) == [.mark]) }
    }

    @Test("is told why when the server closes, and finds the path gone")
    func closing() throws {
        let fixture = try ServerFixture()
        let client = try fixture.listener()
        fixture.server.publish(ServerFixture.mark("last"))
        fixture.server.close(reason: "shutting down")
        let lines = try fixture.lines(client)
        #expect(lines.map(\.event.body) == [.mark(text: "last"), .closing(reason: "shutting down")])
        #expect(try client.readLine(timeoutMilliseconds: 0) == .closed)
        #expect(!FileManager.default.fileExists(atPath: fixture.path))
    }

    @Test("gets its answers after it has ended its own side")
    func halfClosed() throws {
        let fixture = try ServerFixture()
        let client = try fixture.listener()
        try client.send("status")
        shutdown(client.descriptor, Int32(SHUT_WR))
        #expect(try fixture.lines(client).map(\.event.kind) == [.reply])
        fixture.server.publish(ServerFixture.mark("heard"))
        #expect(try fixture.lines(client).map(\.event.kind) == [.mark])
    }
}
