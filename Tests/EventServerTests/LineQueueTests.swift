// The policy for slow clients, with plain numbers and no socket.

import TestSupport
import Testing

@testable import EventServer

@Suite("The queue of a client") struct LineQueueTests {
    private func event(_ number: UInt8) -> LineQueue.Line { .init(kind: .event, bytes: [number]) }
    private func levels(_ number: UInt8, _ stream: String = "main") -> LineQueue.Line {
        .init(kind: .levels(stream: stream), bytes: [number])
    }
    private func reply(_ number: UInt8) -> LineQueue.Line { .init(kind: .reply, bytes: [number]) }

    private func drain(_ queue: inout LineQueue) -> [LineQueue.Next] {
        var all: [LineQueue.Next] = []
        while let next = queue.next() { all.append(next) }
        return all
    }

    @Test("keeps order") func order() {
        var queue = LineQueue(softBytes: 1000, softLines: 500)
        for number in 0..<200 { queue.append(event(UInt8(number)), blocked: true, now: 0) }
        #expect(drain(&queue) == (0..<200).map { .line([UInt8($0)]) })
        #expect(queue.isEmpty)
    }

    @Test("keeps every level frame while the socket takes them") func flowing() {
        var queue = LineQueue(softBytes: 100, softLines: 10)
        for number in 0..<5 { queue.append(levels(UInt8(number)), blocked: false, now: 0) }
        #expect(drain(&queue).count == 5)
    }

    @Test("merges level frames first: the newest of each stream stays, events keep their order") func merging() {
        var queue = LineQueue(softBytes: 100, softLines: 10)
        for (number, line) in [levels(1), event(2), levels(3, "desk"), levels(4), event(5), levels(6, "desk")]
            .enumerated()
        {
            queue.append(line, blocked: true, now: UInt64(number))
        }
        #expect(drain(&queue) == [.line([2]), .line([4]), .line([5]), .line([6])])
    }

    @Test("drops the backlog over the soft limit, says how many lines, and keeps replies") func dropping() {
        var queue = LineQueue(softBytes: 1000, softLines: 4)
        queue.append(reply(1), blocked: true, now: 0)
        queue.append(levels(2), blocked: true, now: 0)
        for number in 3..<6 { queue.append(event(UInt8(number)), blocked: true, now: 7) }
        #expect(queue.skipped == 3, "the level frame is made up for by the next one and needs no word")
        #expect(queue.behindSince == 7)
        queue.append(event(6), blocked: true, now: 8)
        queue.append(levels(7), blocked: true, now: 8)
        queue.append(reply(8), blocked: true, now: 8)
        #expect(queue.behindSince == 7)
        #expect(drain(&queue) == [.line([1]), .line([8]), .lagged(4)])
        queue.append(event(9), blocked: false, now: 9)
        #expect(drain(&queue) == [.line([9])])
    }

    @Test("counts bytes as well as lines") func bytes() {
        var queue = LineQueue(softBytes: 100, softLines: 1000)
        queue.append(.init(kind: .event, bytes: .init(repeating: 0, count: 60)), blocked: true, now: 0)
        #expect(queue.skipped == 0)
        queue.append(.init(kind: .event, bytes: .init(repeating: 0, count: 60)), blocked: true, now: 0)
        #expect(queue.skipped == 2)
    }

    @Test("meets the hard limit only with what may not be dropped") func hardLimit() {
        var queue = LineQueue(softBytes: 1000, softLines: 4)
        for number in 0..<100 { queue.append(event(UInt8(number)), blocked: true, now: 0) }
        #expect(!queue.isOverHardLimit)
        for number in 0..<9 {
            #expect(!queue.isOverHardLimit)
            queue.append(reply(UInt8(number)), blocked: true, now: 0)
        }
        #expect(queue.isOverHardLimit)
        // The replies alone passed the soft limit again and again: what was lost before that stays announced.
        #expect(drain(&queue) == (0..<9).map { .line([UInt8($0)]) } + [.lagged(100)])
    }

    @Test(
        "Promise 5: whatever comes in whatever order, what is delivered and what is announced is all that was appended")
    func balance() {
        for seed in 0..<300 {
            var generator = SeededGenerator(UInt64(seed))
            var queue = LineQueue(
                softBytes: Int.random(in: 1...400, using: &generator),
                softLines: Int.random(in: 1...20, using: &generator))
            var appended: [Int] = []
            var replies: [Int] = []
            var received: [Int] = []
            var receivedReplies: [Int] = []
            var announced: Int64 = 0
            var dropped: Int64 = 0
            var now: UInt64 = 0
            func take(_ next: LineQueue.Next?) {
                switch next {
                case .line(let bytes):
                    let number = bytes.dropFirst().prefix(2).reduce(0) { $0 << 8 | Int($1) }
                    if bytes[0] == 1 { received.append(number) }
                    if bytes[0] == 2 { receivedReplies.append(number) }
                case .lagged(let count):
                    // Announced at the very place where they are missing.
                    received += Array(repeating: -1, count: Int(count))
                    announced += count
                case nil: break
                }
            }
            for number in 0..<2000 {
                now += 1
                let size = Int.random(in: 0...40, using: &generator)
                func line(_ kind: LineQueue.Line.Kind, _ tag: UInt8) -> LineQueue.Line {
                    .init(
                        kind: kind,
                        bytes: [tag, UInt8(number >> 8), UInt8(number & 255)] + Array(repeating: 0, count: size))
                }
                let blocked = Bool.random(using: &generator)
                switch Int.random(in: 0..<10, using: &generator) {
                case 0..<4:
                    appended.append(number)
                    dropped += queue.append(line(.event, 1), blocked: blocked, now: now)
                case 4..<6:
                    dropped += queue.append(line(.levels(stream: "\(number % 3)"), 0), blocked: blocked, now: now)
                case 6..<8:
                    replies.append(number)
                    dropped += queue.append(line(.reply, 2), blocked: blocked, now: now)
                default:
                    for _ in 0..<Int.random(in: 0...6, using: &generator) { take(queue.next()) }
                }
            }
            while let next = queue.next() { take(next) }
            #expect(received.count == appended.count, "seed \(seed)")
            #expect(zip(received, appended).allSatisfy { $0 == -1 || $0 == $1 }, "seed \(seed)")
            #expect(announced == dropped && receivedReplies == replies && queue.isEmpty, "seed \(seed)")
        }
    }
}
