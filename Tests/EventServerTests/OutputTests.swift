// Standard output as a consumer: bounded, never blocking, told what it missed.

import Events
import Foundation
import Glibc
import Testing

@testable import EventServer

@Suite("An output") struct OutputTests {
    /// Everything that comes out of a pipe while something is missing, for a minute at most.
    private func drain(_ descriptor: Int32, while isMissing: ([NumberedEvent]) -> Bool, turn: () -> Void) throws
        -> [NumberedEvent]
    {
        var bytes: [UInt8] = []
        var lines: [NumberedEvent] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let end = Date() + 60
        while isMissing(lines), Date() < end {
            turn()
            var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, 20) > 0 else { continue }
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[..<count]
            while let end = bytes.firstIndex(of: 0x0A) {
                lines.append(try NumberedEvent(line: bytes[..<end]))
                bytes.removeFirst(end + 1)
            }
        }
        return lines
    }

    @Test("Promise 13: a reader that stopped reading blocks nobody, and hears lagged and a snapshot when it goes on")
    func stopped() throws {
        let fixture = try ServerFixture(limits: ServerLimits(queueBytes: 8192, queueLines: 64, lagMilliseconds: 1000))
        let pipe = Pipe()
        try fixture.server.write(to: pipe.fileHandleForWriting.fileDescriptor)
        let client = try fixture.listener()
        let count = 5000
        for number in 0..<count {
            fixture.server.publish(ServerFixture.mark("line \(number)"))
            _ = fixture.server.turn(timeoutMilliseconds: 0)
            guard case .line(let line) = try client.readLine(timeoutMilliseconds: 0) else {
                Issue.record("line \(number) is late")
                return
            }
            #expect(line.contains("\"line \(number)\""))
        }
        // However long that takes, it is not closed: it may be a pager that somebody reads.
        fixture.clock.milliseconds += 3_600_000
        fixture.settle()
        #expect(fixture.server.counters.skipped > 1000)
        fixture.server.publish(ServerFixture.on("piano", at: 9000))
        // The piano's own line may be among those that were skipped; then a snapshot makes up for it. How often the output
        // fell behind before depends on when its thread got to run.
        let lines = try drain(pipe.fileHandleForReading.fileDescriptor) { lines in
            switch lines.last?.event.body {
            case .on: false
            case .snapshot(let snapshot): snapshot.active.map(\.instrument) != ["piano"]
            default: true
            }
        } turn: {
            fixture.settle(1)
        }
        #expect(lines.prefix(2).map(\.event.kind) == [.hello, .snapshot])
        var expected: Int64 = 1
        var announced: Int64 = 0
        for line in lines {
            if case .lagged(let lagged) = line.event.body {
                #expect(lagged.from == expected)
                announced += lagged.skipped
                expected += lagged.skipped
            }
            #expect(line.sequence == expected)
            expected += 1
        }
        #expect(announced == fixture.server.counters.skipped)
        #expect(lines.last?.event.kind == .snapshot || lines.last?.event.kind == .on)
    }

    @Test("Promise 13: a reader that stopped reading does not delay the end") func end() throws {
        let server = try EventServer(
            listening: nil, limits: ServerLimits(queueBytes: 8192, queueLines: 64), hello: { ServerFixture.hello },
            handler: nil)
        let pipe = Pipe()
        try server.write(to: pipe.fileHandleForWriting.fileDescriptor)
        for number in 0..<5000 {
            server.publish(ServerFixture.mark("line \(number)"))
            _ = server.turn(timeoutMilliseconds: 0)
        }
        server.close(reason: "done", timeout: 100)
    }

    @Test(
        "a thread's name of more than 15 bytes is cut between two characters, not lost",
        arguments: [("output-of-the-longest-kind", "output-of-the-l"), ("äöüäöüäöü", "äöüäöüä")])
    func threadName(name: String, shown: String) throws {
        let pipe = Pipe()
        let thread = try OutputThread(pipe.fileHandleForWriting.fileDescriptor, capacity: 0, name: name)
        // What it has written shows that it runs, and so has its name.
        #expect(thread.offer([0x0A]) && thread.wait(withinMilliseconds: 60_000))
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap {
            try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)
        }
        #expect(names.contains { $0.utf8.elementsEqual((shown + "\n").utf8) }, "\(names)")
        thread.end()
    }

    @Test("a reader that is gone, and a full disk, are said once and hurt nobody", arguments: [EPIPE, ENOSPC])
    func gone(code: Int32) throws {
        let fixture = try ServerFixture()
        let client = try fixture.listener()
        let pipe = Pipe()
        signal(SIGPIPE, SIG_IGN)
        let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        try pipe.fileHandleForReading.close()
        try fixture.server.write(
            to: code == EPIPE ? pipe.fileHandleForWriting.fileDescriptor : full.fileDescriptor)
        var failure: Int32?
        for number in 0..<5000 where failure == nil {
            fixture.server.publish(ServerFixture.mark("line \(number)"))
            _ = fixture.server.turn(timeoutMilliseconds: 1)
            failure = fixture.server.takeOutputFailure()
        }
        #expect(failure == code)
        #expect(fixture.server.takeOutputFailure() == nil)
        #expect(try !fixture.lines(client).isEmpty)
    }
}
