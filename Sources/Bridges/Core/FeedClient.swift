// One client of a serving sink: a WebSocket, an event stream, a plain connection.

import EventServer
import Events
import JSON

/// The subscription and position of one client. Only the thread that serves the client may use it.
final class FeedClient {
    /// The largest size of a command, in bytes.
    static let commandLimit = 65_536
    /// The largest number of waiting replies.
    static let replyLimit = 32

    private var filter = ClientFilter(Subscription())
    private var cursor: Int64?
    /// The number of the `hello` that the client knows; none yet.
    private var greeted: Int64 = -1
    private var sequence: Int64 = 0
    private var replies: [Event] = []
    private var encoder = EventEncoder()
    /// The part of a command that has arrived so far.
    private var input: [UInt8] = []

    /// Returns whether the client has received all events and replies.
    func isUpToDate(_ feed: EventFeed) -> Bool { replies.isEmpty && feed.isAtEnd(cursor) }

    /// Returns the next lines, without line feeds; returns none when there are no more.
    func lines(_ feed: EventFeed, limit: Int = 32) -> [[UInt8]] {
        var lines = replies.map { number(encoder.encode($0)) }
        replies = []
        while lines.isEmpty, !feed.isAtEnd(cursor) {
            let portion = feed.read(&cursor, limit: limit, greeted: &greeted)
            if portion.skipped > 0 {
                let from = sequence + 1
                sequence += portion.skipped
                lines.append(
                    number(encoder.encode(Event(.lagged(.init(skipped: portion.skipped, from: from, to: sequence))))))
            }
            for entry in portion.entries { append(entry, to: &lines) }
        }
        return lines
    }

    private func append(_ entry: EventFeed.Entry, to lines: inout [[UInt8]]) {
        if case .hello = entry.event.body { filter.restart() }
        if case .snapshot(let snapshot) = entry.event.body {
            let wanted = filter.take(snapshot)
            lines.append(number(wanted == snapshot ? entry.body : encoder.encode(Event(.snapshot(wanted)))))
        } else if filter.admits(entry.event) {
            lines.append(number(entry.body))
        }
    }

    private func number(_ body: [UInt8]) -> [UInt8] {
        sequence += 1
        var writer = JSONWriter()
        EventEncoder.lineStart(sequence, into: &writer)
        writer.bytes.append(contentsOf: body.dropLast() as ArraySlice)
        return writer.bytes
    }

    /// Processes a piece of a command; returns false when the command is too long or too many replies wait, and the
    /// client must be closed.
    func receive(_ bytes: UnsafeRawBufferPointer, isLast: Bool, _ feed: EventFeed) -> Bool {
        guard input.count + bytes.count <= Self.commandLimit, replies.count < Self.replyLimit else { return false }
        input += bytes
        guard isLast else { return true }
        let line = input
        input = []
        obey(line[...], feed)
        return true
    }

    /// Applies an option of the request line; returns a message when it is invalid.
    func subscribe(_ line: [UInt8], _ feed: EventFeed) -> String? {
        obey(line[...], feed)
        defer { replies = [] }
        if case .reply(let reply) = replies.last?.body, case .refused(let why) = reply.outcome { return why }
        return nil
    }

    private func obey(_ line: ArraySlice<UInt8>, _ feed: EventFeed) {
        do throws(Command.Refusal) {
            // Before the first connection to a daemon nobody knows which names there are.
            switch try Command(line: line, hello: feed.hello) {
            case .subscribe(let subscription):
                filter = ClientFilter(subscription)
                cursor = nil
                answer("subscribe", .done([]))
            case let other:
                answer(other.name, .refused("a bridge does not support this command: send it to the daemon's socket"))
            }
        } catch {
            answer(error.command, .refused(error.problem))
        }
    }

    private func answer(_ command: String, _ outcome: Reply.Outcome) {
        replies.append(Event(.reply(Reply(command: command, outcome: outcome))))
    }
}
