// The poll loop: what ends its wait, and what it survives.

import Events
import Foundation
import Testing

@testable import EventServer

@Suite("A turn") struct TurnTests {
    @Test("waits until another thread signals, and many signals are one") func wakeup() throws {
        let fixture = try ServerFixture()
        let wakeup = fixture.server.wakeup
        for _ in 0..<1000 { wakeup.signal() }
        #expect(fixture.server.turn(timeoutMilliseconds: -1) == [])
        let thread = Thread { wakeup.signal() }
        thread.start()
        #expect(fixture.server.turn(timeoutMilliseconds: -1) == [])
    }

    @Test("names the watched descriptors that are readable") func watched() throws {
        let fixture = try ServerFixture()
        let quiet = Pipe()
        let busy = Pipe()
        fixture.server.watch(quiet.fileHandleForReading.fileDescriptor)
        fixture.server.watch(busy.fileHandleForReading.fileDescriptor)
        #expect(fixture.server.turn(timeoutMilliseconds: 0) == [])
        busy.fileHandleForWriting.write(Data([1]))
        #expect(fixture.server.turn(timeoutMilliseconds: -1) == [busy.fileHandleForReading.fileDescriptor])
    }

    @Test("works without a socket, for a daemon that has none") func withoutSocket() throws {
        let server = try EventServer(listening: nil, hello: { ServerFixture.hello }, handler: nil)
        server.publish(ServerFixture.mark("to nobody"))
        #expect(server.turn(timeoutMilliseconds: 0) == [])
        server.close(reason: "done")
    }

    @Test("Promise 3: answers before any audio, while a model is loading, and when nobody handles commands")
    func everyState() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "timbred-\(UUID().uuidString.prefix(8))")
        defer { try? FileManager.default.removeItem(at: directory) }
        var loading = ServerFixture.hello
        loading.instruments = []
        loading.model = nil
        let hello = loading
        let path = directory.path() + "/t.sock"
        let server = try EventServer(listening: ListeningSocket(path: path), hello: { hello }, handler: nil)
        let client = try EventClient(path: path)
        try client.send("status")
        try client.send("metrics")
        try client.send("mark", [.init("text", .string("x"))])
        for _ in 0..<3 { _ = server.turn(timeoutMilliseconds: 0) }
        var lines: [Event.Body] = []
        while case .line(let line) = try client.readLine(timeoutMilliseconds: 0) {
            lines.append(try NumberedEvent(line: line).event.body)
        }
        #expect(lines.count == 5)
        #expect(lines.first == .hello(loading))
        guard case .reply(let status) = lines[2], case .done = status.outcome, case .reply(let mark) = lines[4] else {
            Issue.record("the replies are \(lines)")
            return
        }
        #expect(mark.outcome == .refused("this program does not support the command"))
    }

    @Test("Promise 2: tells and closes whom it has no descriptor for, instead of spinning") func noDescriptors() async {
        await #expect(processExitsWith: .success) {
            let fixture = try ServerFixture()
            let first = try fixture.listener()
            let second = try EventClient(path: fixture.path)
            var hoard: [Int32] = []
            while case let descriptor = dup(0), descriptor >= 0 { hoard.append(descriptor) }
            // The second client waits in the backlog and there is no descriptor left to accept it with.
            _ = fixture.server.turn(timeoutMilliseconds: 0)
            guard case .line(let line) = try second.readLine(timeoutMilliseconds: 1000),
                try NumberedEvent(line: line).event.body
                    == .closing(reason: "the daemon has no free file descriptor"),
                try second.readLine(timeoutMilliseconds: 1000) == .closed
            else { exit(1) }
            var listening = pollfd(fd: fixture.server.listeningDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&listening, 1, 0) == 0 else { exit(2) }
            fixture.server.publish(ServerFixture.mark("still here"))
            guard try fixture.lines(first).map(\.event.kind) == [.mark] else { exit(3) }
            let metrics = fixture.server.counters.prometheus(clients: 1, behind: 0)
            guard metrics.contains("\ntimbred_descriptor_faults_total 1\n") else { exit(7) }
            // And when even the spare descriptor is gone, the backlog does not keep the loop busy.
            if let last = hoard.popLast() { close(last) }
            let third = try EventClient(path: fixture.path)
            while case let descriptor = dup(0), descriptor >= 0 { hoard.append(descriptor) }
            close(fixture.server.spare)
            fixture.server.spare = -1
            hoard.append(dup(0))
            fixture.clock.milliseconds += 1000
            _ = fixture.server.turn(timeoutMilliseconds: 0)
            guard fixture.server.listensAgainAt > fixture.clock.milliseconds else { exit(5) }
            hoard.forEach { close($0) }
            fixture.clock.milliseconds += 1000
            fixture.settle()
            guard fixture.server.clients.count == 2, third.descriptor >= 0 else { exit(6) }
            guard try fixture.listener().descriptor >= 0 else { exit(4) }
            exit(0)
        }
    }
}
