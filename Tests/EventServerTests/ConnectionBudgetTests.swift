// Somebody who connects and leaves in a loop costs little, and delays nobody.

import Events
import Foundation
import Glibc
import Testing

@testable import EventServer

@Suite("Connecting in a loop") struct ConnectionBudgetTests {
    @Test("a user has a burst, then so many a second; others are not counted with him") func users() {
        var budget = ConnectionBudget()
        let greeted = (0..<2000).count { _ in budget.admits(user: 1, now: 0) }
        #expect(greeted == Int(ConnectionBudget.userBurst))
        let isOtherAdmitted = budget.admits(user: 2, now: 0)
        #expect(isOtherAdmitted)
        let later = (0..<2000).count { _ in budget.admits(user: 1, now: 1000) }
        #expect(later == Int(ConnectionBudget.userRate))
    }

    @Test("users that are gone are forgotten") func forgets() {
        var budget = ConnectionBudget()
        let admitted = (0..<100_000).count { budget.admits(user: UInt32($0), now: UInt64($0) * 100) }
        #expect(admitted == 100_000)
        #expect(budget.knownUsers < 2000)
    }

    @Test("the backlog is looked at again as soon as somebody may be let in, after ten years too")
    func pause() {
        var budget = ConnectionBudget()
        let now: UInt64 = 10 * 366 * 86_400_000
        while budget.mayLook(now: now) { budget.looked(now: now) }
        let next = budget.nextAt(now: now)
        #expect(next > now && next < now + 10)
        let isOpen = budget.mayLook(now: next)
        #expect(isOpen)
    }

    @Test("a turn accepts a few, so that events go out first") func perTurn() throws {
        let fixture = try ServerFixture()
        let waiting = try (0..<40).map { _ in try EventClient(path: fixture.path) }
        _ = fixture.server.turn(timeoutMilliseconds: 0)
        #expect(fixture.server.counters.accepted == Int64(EventServer.acceptsPerTurn))
        fixture.settle()
        #expect(fixture.server.counters.accepted == 40)
        withExtendedLifetime(waiting) {}
    }

    @Test("who connects too often is told so, and the socket is not looked at again before there is room")
    func loop() throws {
        let fixture = try ServerFixture()
        let polite = try fixture.listener()
        var reasons: Set<String> = []
        for _ in 0..<2000 {
            guard fixture.clock.milliseconds >= fixture.server.listensAgainAt else { break }
            let client = try EventClient(path: fixture.path)
            _ = fixture.server.turn(timeoutMilliseconds: 0)
            if case .line(let line) = try client.readLine(timeoutMilliseconds: 0),
                case .closing(let reason) = try NumberedEvent(line: line).event.body
            {
                reasons.insert(reason)
            }
        }
        #expect(reasons == ["too many connections: keep one open, or wait a second"])
        #expect(fixture.server.counters.accepted < 600)
        #expect(fixture.clock.milliseconds < fixture.server.listensAgainAt)
        fixture.server.publish(ServerFixture.mark("still here"))
        #expect(try fixture.lines(polite).map(\.event.kind) == [.mark])
        // Later everybody may connect again.
        fixture.clock.milliseconds += 60_000
        #expect(try fixture.listener().descriptor >= 0)
    }
}
