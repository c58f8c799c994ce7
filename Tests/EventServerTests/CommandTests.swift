// Commands and their answers over a real socket.

import Events
import Foundation
import Testing

@testable import EventServer

@Suite("Commands") struct CommandTests {
    let fixture: ServerFixture
    let client: EventClient

    init() throws {
        fixture = try ServerFixture()
        client = try fixture.listener()
    }

    private func replies(_ line: String) throws -> [Event.Body] {
        try client.sendRaw(Array((line + "\n").utf8))
        return try fixture.lines(client).map(\.event.body)
    }

    private func subscribe(_ line: String) throws {
        #expect(
            try replies(line).first == .reply(.init(command: "subscribe", outcome: .done([]))))
    }

    private func refusal(_ line: String) throws -> String? {
        guard case .reply(let reply) = try replies(line).last, case .refused(let why) = reply.outcome else {
            return nil
        }
        return why
    }

    @Test("status answers with the handler's members and who is connected") func status() throws {
        let other = try fixture.listener()
        let bodies = try replies(#"{"command":"status"}"#)
        guard case .reply(let reply) = bodies.first, case .done(let members) = reply.outcome, let status = members.first
        else {
            Issue.record("no status came")
            return
        }
        #expect(status.name == "status" && status.value["uptime_seconds"]?.integer == 12)
        let clients = try #require(status.value["clients"]?.elements)
        #expect(clients.map { $0["pid"]?.integer } == [Int64(getpid()), Int64(getpid())])
        #expect(clients.map { $0["role"]?.text } == ["controller", "controller"])
        #expect(clients.map { $0["lines"]?.integer } == [2, 2])
        #expect(clients.map { $0["behind"]?.boolean } == [false, false])
        withExtendedLifetime(other) {}
    }

    @Test("metrics answers in Prometheus text with the server's own counts") func metrics() throws {
        guard case .reply(let reply) = try replies(#"{"command":"metrics"}"#).last,
            case .done(let members) = reply.outcome, let text = members.first?.value.text
        else {
            Issue.record("no metrics came")
            return
        }
        #expect(text.contains("timbred_realtime_factor 0.01\n"))
        #expect(text.contains("\ntimbred_clients 1\n"))
        #expect(text.contains("\ntimbred_commands_total 1\n"))
    }

    @Test("mark reaches everybody as an event") func mark() throws {
        let other = try fixture.listener()
        let bodies = try replies(#"{"command":"mark","text":"solo \"begins\""}"#)
        #expect(
            bodies == [.mark(text: "solo \"begins\""), .reply(.init(command: "mark", outcome: .done([])))])
        #expect(try fixture.lines(other).map(\.event.body) == [.mark(text: "solo \"begins\"")])
    }

    @Test("record is the handler's to refuse") func record() throws {
        #expect(try refusal(#"{"command":"record","action":"start"}"#) == "recording is not supported")
    }

    @Test("a listener may not mark or record") func listener() throws {
        let command = try Command(line: ArraySlice(#"{"command":"record"}"#.utf8), hello: ServerFixture.hello)
        #expect(command.needsControl)
        #expect(!Command.status.needsControl && !Command.subscribe(Subscription()).needsControl)
        let role = try #require(fixture.server.clients.first?.role)
        #expect(role == .controller)
    }

    @Test("subscribe by type leaves the others out, and answers with a fresh snapshot") func types() throws {
        fixture.server.publish(ServerFixture.on("violin"))
        _ = try fixture.lines(client)
        let bodies = try replies(#"{"command":"subscribe","types":["mark"]}"#)
        #expect(bodies.count == 2)
        guard case .snapshot(let snapshot) = bodies.last else {
            Issue.record("no snapshot came")
            return
        }
        #expect(snapshot.active.map(\.instrument) == ["violin"])
        fixture.server.publish(ServerFixture.off("violin"))
        fixture.server.publish(ServerFixture.mark("here"))
        #expect(try fixture.lines(client).map(\.event.kind) == [.mark])
    }

    @Test("subscribe by instrument and stream") func instruments() throws {
        try subscribe(#"{"command":"subscribe","instruments":["violin"],"streams":["desk.2"],"activity_rate":0}"#)
        for instrument in ["violin", "piano"] {
            for stream in ["main", "desk.2"] {
                fixture.server.publish(ServerFixture.on(instrument, stream: stream))
                fixture.server.publish(ServerFixture.off(instrument, stream: stream))
            }
        }
        let lines = try fixture.lines(client)
        #expect(lines.map(\.event.kind) == [.on, .off])
        #expect(lines.allSatisfy { $0.event.position?.stream == "desk.2" })
    }

    @Test("an on that is filtered out by its confidence takes its off with it, and no other") func confidence() throws {
        try subscribe(#"{"command":"subscribe","minimum_confidence":0.7}"#)
        fixture.server.publish(ServerFixture.on("violin", confidence: 0.6))
        fixture.server.publish(ServerFixture.on("piano", confidence: 0.8))
        fixture.server.publish(ServerFixture.off("violin", confidence: 0.9))
        fixture.server.publish(ServerFixture.off("piano", confidence: 0.5))
        let lines = try fixture.lines(client)
        #expect(
            lines.map(\.event) == [
                ServerFixture.on("piano", confidence: 0.8), ServerFixture.off("piano", confidence: 0.5),
            ])
    }

    @Test("levels come at the rate that was asked for, 10 a second unless asked, each stream by itself")
    func rate() throws {
        func count(_ seconds: Range<Int>) throws -> Int {
            for step in seconds.lowerBound * 50..<seconds.upperBound * 50 {
                fixture.server.publish(ServerFixture.levels(at: Double(step) / 50))
                fixture.server.publish(ServerFixture.levels(at: Double(step) / 50, stream: "desk.2"))
                if step % 10 == 0 { fixture.settle(1) }
            }
            return try fixture.lines(client).count
        }
        #expect(try count(0..<4) == 2 * 40)
        try subscribe(#"{"command":"subscribe","activity_rate":25}"#)
        #expect(try count(4..<8) == 2 * 100)
        try subscribe(#"{"command":"subscribe","activity_rate":0}"#)
        #expect(try count(8..<12) == 0)
    }

    @Test(
        "what is wrong is refused with a sentence and leaves the connection open",
        arguments: [
            (#"{"command":"dance"}"#, "unknown command: expected subscribe, status, metrics, mark or record"),
            (#"{"command":7}"#, #"expected an object with a "command": {"command":"status"}"#),
            (#"[1,2]"#, #"expected an object with a "command": {"command":"status"}"#),
            (#"hello there"#, "not valid JSON at byte 0: expected a value"),
            (#"{"command":"status","#, "not valid JSON at byte 20: expected a name in double quotes"),
            (#"{"command":"status","verbose":1}"#, #""verbose" is not an argument of status: expected one of "#),
            (#"{"command":"subscribe","rate":3}"#, #""rate" is not an argument of subscribe"#),
            (#"{"command":"subscribe","types":["on","of"]}"#, #""types" has "of": expected one of on, off, activity"#),
            (#"{"command":"subscribe","types":["hello"]}"#, #""types" has "hello""#),
            (#"{"command":"subscribe","instruments":["fiddle"]}"#, #"expected one of piano, violin, voice"#),
            (#"{"command":"subscribe","streams":"main"}"#, #""streams" must be a list of strings"#),
            (#"{"command":"subscribe","minimum_confidence":2}"#, "must be a number from 0 to 1"),
            (#"{"command":"mark"}"#, #""text" must be a string of at most 1024 bytes"#),
            (#"{"command":"mark","text":"x","stream":"y"}"#, #""stream" must be one of main, desk.2"#),
        ])
    func refused(_ line: String, _ sentence: String) throws {
        let why = try #require(try refusal(line))
        #expect(why.contains(sentence))
        fixture.server.publish(ServerFixture.mark("still open"))
        #expect(try fixture.lines(client).map(\.event.kind) == [.mark])
    }

    @Test("command-without-line-end: the end of what a client sends ends its last line") func unended() throws {
        try client.sendRaw(
            Array(#"{"command":"mark","text":"a"}"#.utf8) + [0x0A] + Array(#"{"command":"metrics"}"#.utf8))
        #expect(shutdown(client.descriptor, Int32(SHUT_WR)) == 0)
        let commands = try fixture.lines(client).compactMap { line -> String? in
            if case .reply(let reply) = line.event.body { reply.command } else { nil }
        }
        #expect(commands == ["mark", "metrics"])
    }
}
