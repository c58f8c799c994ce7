// Promise 9: a slow, hostile or vanished client never delays the other clients; and the server's part of promise 5.

import Events
import Foundation
import Testing

@testable import EventServer

@Suite("Promise 9: a slow client") struct SlowClientTests {
    private let limits = ServerLimits(queueBytes: 8192, queueLines: 64)

    /// Publishes `count` pairs of on and off, a level frame between them, turning after each.
    private func play(_ fixture: ServerFixture, _ count: Int, from first: Int = 0) {
        for number in first..<first + count {
            fixture.server.publish(ServerFixture.on("violin", at: Double(number)))
            fixture.server.publish(ServerFixture.levels(at: Double(number) + 0.3))
            fixture.server.publish(ServerFixture.off("violin", at: Double(number) + 0.6))
            fixture.settle(1)
        }
    }

    @Test("Promise 5: its numbers have no hole but the one that lagged announces, and a snapshot follows")
    func lagged() throws {
        let fixture = try ServerFixture(limits: limits)
        let slow = try fixture.listener()
        play(fixture, 3000)
        fixture.server.publish(ServerFixture.on("piano", at: 4000))
        let lines = try fixture.lines(slow)
        #expect(try fixture.lines(slow).isEmpty)

        var expected: Int64 = 3
        var skipped: Int64 = 0
        for (index, line) in lines.enumerated() {
            if case .lagged(let lagged) = line.event.body {
                #expect(lagged.from == expected && lagged.to == expected + lagged.skipped - 1)
                skipped += lagged.skipped
                expected += lagged.skipped
                #expect(lines[index + 1].event.kind == .snapshot)
            }
            #expect(line.sequence == expected)
            expected += 1
        }
        #expect(skipped > 1000)
        #expect(fixture.server.counters.skipped == skipped)
        #expect(
            fixture.server.counters.prometheus(clients: 1, behind: 0).contains(
                "\ntimbred_lines_skipped_total \(skipped)\n"))
        guard case .snapshot(let snapshot) = lines.last?.event.body else {
            Issue.record("the last line is no snapshot")
            return
        }
        #expect(snapshot.active.map(\.instrument) == ["piano"])
    }

    @Test("Promise 5: after lagged and snapshot, ons and offs pair again")
    func pairs() throws {
        let fixture = try ServerFixture(limits: limits)
        let slow = try fixture.listener()
        play(fixture, 1501)
        fixture.server.publish(ServerFixture.on("voice", at: 3000))
        _ = try fixture.lines(slow)
        fixture.server.publish(ServerFixture.off("voice", at: 3001))
        fixture.server.publish(ServerFixture.on("voice", at: 3002))
        #expect(try fixture.lines(slow).map(\.event.kind) == [.off, .on])
    }

    @Test("costs the others nothing: they get every line in the turn in which it was published")
    func others() throws {
        let fixture = try ServerFixture(limits: limits)
        let slow = try (0..<10).map { _ in try fixture.listener() }
        let quick = try fixture.listener()
        for number in 0..<2000 {
            fixture.server.publish(ServerFixture.mark("line \(number)"))
            _ = fixture.server.turn(timeoutMilliseconds: 0)
            guard case .line(let line) = try quick.readLine(timeoutMilliseconds: 0) else {
                Issue.record("line \(number) is late")
                return
            }
            #expect(line.contains("\"line \(number)\""))
        }
        #expect(fixture.server.clients.count == 11)
        withExtendedLifetime(slow) {}
    }

    @Test("is told why and closed after 30 s, and finds the reason when it reads at last")
    func closed() throws {
        let fixture = try ServerFixture(limits: limits)
        let slow = try fixture.listener()
        play(fixture, 1500)
        #expect(fixture.server.clients.count == 1)
        fixture.clock.milliseconds += 29_000
        fixture.settle()
        #expect(fixture.server.clients.count == 1)
        fixture.clock.milliseconds += 2000
        fixture.settle()
        #expect(fixture.server.clients.isEmpty)
        let lines = try fixture.lines(slow)
        guard case .closing(let reason) = lines.last?.event.body else {
            Issue.record("the last line is \(String(describing: lines.last)), not closing")
            return
        }
        #expect(reason.hasPrefix("the client has read nothing for 30 s and "))
        #expect(lines.map(\.sequence) == Array(3..<Int64(lines.count + 3)))
        #expect(try slow.readLine(timeoutMilliseconds: 0) == .closed)
    }

    @Test("that reads again within the time stays")
    func recovers() throws {
        let fixture = try ServerFixture(limits: limits)
        let slow = try fixture.listener()
        play(fixture, 1500)
        fixture.clock.milliseconds += 29_000
        #expect(try fixture.lines(slow).contains { $0.event.kind == .lagged })
        fixture.clock.milliseconds += 29_000
        play(fixture, 5, from: 2000)
        #expect(try fixture.lines(slow).count == 15)
    }

    @Test("whose questions alone fill its queue is told what it missed all the same")
    func asksWhileBehind() throws {
        let fixture = try ServerFixture(limits: ServerLimits(queueBytes: 8192, queueLines: 64))
        let slow = try fixture.listener()
        play(fixture, 1500)
        let before = fixture.server.counters.skipped
        #expect(before > 0, "lines count as skipped when they are, not when the client reads again")
        // More than the soft limit of answers, and less than the hard one.
        for _ in 0..<80 { try slow.send("status") }
        fixture.settle(20)
        #expect(fixture.server.clients.count == 1)
        let lines = try fixture.lines(slow)
        var announced: Int64 = 0
        for line in lines { if case .lagged(let lagged) = line.event.body { announced += lagged.skipped } }
        #expect(announced == fixture.server.counters.skipped && announced >= before)
        #expect(lines.last?.event.kind == .snapshot)
    }

    @Test("that never reads is closed so long after its socket took the last byte, though nothing was dropped yet")
    func neverReads() throws {
        let fixture = try ServerFixture(limits: ServerLimits(lagMilliseconds: 5000))
        let slow = try fixture.listener()
        var number = 0
        while fixture.server.clients.first?.isBlocked == false {
            fixture.server.publish(ServerFixture.mark("line \(number)"))
            fixture.settle(1)
            number += 1
        }
        #expect(fixture.server.counters.skipped == 0)
        fixture.clock.milliseconds += 4900
        fixture.settle()
        #expect(fixture.server.clients.count == 1)
        fixture.clock.milliseconds += 200
        fixture.settle()
        #expect(fixture.server.clients.isEmpty)
        guard case .closing(let reason)? = try fixture.lines(slow).last?.event.body else {
            Issue.record("no reason was given")
            return
        }
        #expect(reason == "the client has read nothing for 5 s and 0 lines were lost")
    }

    @Test("that asks without reading is closed at the hard limit")
    func asksWithoutReading() throws {
        let fixture = try ServerFixture(limits: limits)
        let rude = try fixture.listener()
        for _ in 0..<200 where !fixture.server.clients.isEmpty {
            for _ in 0..<16 { try? rude.send("metrics") }
            fixture.settle(1)
        }
        #expect(fixture.server.clients.isEmpty)
        #expect(try fixture.lines(rude).last?.event.kind == .closing)
    }
}
