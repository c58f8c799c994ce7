// Promise 9 and promise 7: a hostile or vanished client harms nobody.

import AudioCore
import Events
import Foundation
import Testing

@testable import EventServer

@Suite("Promise 9: a hostile client") struct HostileClientTests {
    let fixture: ServerFixture
    let rude: EventClient
    let polite: EventClient

    init() throws {
        fixture = try ServerFixture()
        rude = try fixture.listener()
        polite = try fixture.listener()
    }

    /// Sends without waiting for room, turning the server until everything is in or the server hung up.
    private func send(_ bytes: [UInt8]) {
        var sent = 0
        for _ in 0..<100_000 where sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(rude.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count > 0 { sent += count }
            if count < 0, errno == EPIPE { return }
            fixture.settle(1)
        }
    }

    private func expectPoliteIsWell() throws {
        fixture.server.publish(ServerFixture.mark("well"))
        #expect(try fixture.lines(polite).map(\.event.body) == [.mark(text: "well")])
    }

    private func expectClosed(_ reason: String) throws {
        #expect(try fixture.lines(rude).last?.event.body == .closing(reason: reason))
        #expect(try rude.readLine(timeoutMilliseconds: 0) == .closed)
        #expect(fixture.server.clients.count == 1)
        try expectPoliteIsWell()
    }

    @Test("with a line of 10 MB is closed at 64 KiB of it") func longLine() throws {
        send(Array(repeating: UInt8(ascii: "x"), count: 10_000_000))
        try expectClosed("the received line exceeds the limit of 65536 bytes")
    }

    @Test("with a NUL is closed") func nul() throws {
        send(Array("{\"command\":\"sta\0tus\"}\n".utf8))
        try expectClosed("the received line is not UTF-8 text")
    }

    @Test("with invalid UTF-8 is closed") func invalid() throws {
        send([0x7B, 0xC3, 0x28, 0x7D, 0x0A])
        try expectClosed("the received line is not UTF-8 text")
    }

    @Test("with deep nesting is refused and stays") func deep() throws {
        send(Array(repeating: UInt8(ascii: "["), count: 60_000) + [0x0A])
        let expected = Reply(
            command: "", outcome: .refused("not valid JSON at byte 16: nested deeper than 16"))
        #expect(try fixture.lines(rude).map(\.event.body) == [.reply(expected)])
        try expectPoliteIsWell()
    }

    @Test("with half a line is waited for, and answered when the rest comes") func half() throws {
        send(Array("{\"command\":\"sta".utf8))
        #expect(try fixture.lines(rude).isEmpty)
        try expectPoliteIsWell()
        send(Array("tus\"}\r\n\n\n".utf8))
        #expect(try fixture.lines(rude).map(\.event.kind) == [.mark, .reply])
    }

    @Test("with a flood of commands has every one answered, while the others hear") func flood() throws {
        send(Array(String(repeating: "{\"command\":\"status\"}\n", count: 200).utf8))
        try expectPoliteIsWell()
        fixture.settle(20)
        #expect(try fixture.lines(rude).count { $0.event.kind == .reply } == 200)
    }

    @Test("that vanishes in the middle of a line is forgotten, and its descriptor closed") func vanished() throws {
        var connections: [WeakClient] = []
        for number in 0..<200 {
            let client = try fixture.connect()
            connections.append(WeakClient(client: fixture.server.clients.last))
            try client.sendRaw(Array("{\"command\"".utf8.prefix(number % 12)))
            if number % 2 == 0 { fixture.server.publish(ServerFixture.mark("to the dead")) }
        }
        fixture.settle()
        #expect(fixture.server.clients.count == 2)
        #expect(connections.allSatisfy { $0.client == nil }, "a connection that is gone closes its descriptor")
        #expect(try fixture.lines(polite).count == 100)
    }

    private struct WeakClient {
        weak var client: Client?
    }

    @Test("with random bytes never brings the server down") func random() throws {
        var generator = SplitMix64(7)
        for _ in 0..<300 {
            let client = try fixture.connect()
            let count = Int.random(in: 1...400, using: &generator)
            try client.sendRaw((0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } + [0x0A])
            fixture.settle(2)
        }
        try expectPoliteIsWell()
    }
}
