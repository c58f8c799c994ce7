// The event source of serving sinks: a ring of the newest events, and the resulting state.

import Events
import JSON
import Synchronization

/// A ring of the newest events that any number of readers read at their own rate, each with a cursor. Any thread may
/// use it.
final class EventFeed: Sendable {
    /// An event and its line from `"type"` to the line feed.
    struct Entry {
        var event: Event
        var body: [UInt8]
    }

    /// The result of a read.
    struct Portion {
        /// Events that were removed from the ring before the reader read them; a snapshot follows.
        var skipped: Int64 = 0
        var entries: [Entry] = []
    }

    /// Capacity of the ring in events and bytes.
    static let capacity = 4096
    static let byteCapacity = 8_388_608
    /// Number of events behind the end beyond which a reader receives only the newest levels.
    static let levelBacklog: Int64 = 256

    private struct State {
        var entries: [Entry] = []
        var head = 0
        var bytes = 0
        /// The number of `entries[head]`.
        var first: Int64 = 0
        var hello: Hello?
        /// The number of `hello` lines so far.
        var greetings: Int64 = 0
        /// The reason why the daemon is not connected; `nil` while it is.
        var absence: String? = "the bridge has not yet connected to the daemon"
        var board = StateBoard()
        var levels: [String: [UInt8]] = [:]
        var tags: [String: [UInt8]] = [:]
        var encoder = EventEncoder()

        var end: Int64 { first + Int64(entries.count - head) }
    }

    private let state = Mutex(State())

    /// Appends events.
    func append(_ events: [SinkEvent]) {
        state.withLock { state in
            for item in events {
                let entry = Entry(event: item.event, body: item.body(&state.encoder))
                Self.note(entry, &state)
                state.entries.append(entry)
                state.bytes += entry.body.count
                while state.entries.count - state.head > Self.capacity || state.bytes > Self.byteCapacity {
                    state.bytes -= state.entries[state.head].body.count
                    state.head += 1
                    state.first += 1
                }
                if state.head > Self.capacity {
                    state.entries.removeFirst(state.head)
                    state.head = 0
                }
            }
        }
    }

    private static func note(_ entry: Entry, _ state: inout State) {
        switch entry.event.body {
        case .hello(let hello):
            state.hello = hello
            state.greetings += 1
            state.board.keep(streams: hello.streams)
            state.absence = nil
            state.levels = [:]
            state.tags = [:]
        case .closing(let reason): state.absence = reason
        case .activity:
            if let stream = entry.event.position?.stream { state.levels[stream] = entry.body }
        case .tags:
            if let stream = entry.event.position?.stream { state.tags[stream] = entry.body }
        // The ledger has already emitted the events that lead to this snapshot.
        case .snapshot: break
        default: state.board.note(entry.event)
        }
    }

    /// The daemon's first line; `nil` until the first connection.
    var hello: Hello? { state.withLock { $0.hello } }

    /// Returns whether a reader at `cursor` has read all events.
    func isAtEnd(_ cursor: Int64?) -> Bool { state.withLock { $0.end == cursor } }

    /// Returns the next events for a reader, at most `limit`. With a cursor of `nil`, and to a reader that missed events,
    /// it returns the current state, and also the daemon's first line unless it is the one that the reader knows:
    /// `greeted` counts those up to it.
    func read(_ cursor: inout Int64?, limit: Int, greeted: inout Int64) -> Portion {
        state.withLock { state in
            var portion = Portion()
            guard let position = cursor, position >= state.first else {
                if let position = cursor { portion.skipped = state.first - position }
                cursor = state.end
                portion.entries = Self.present(&state, greets: greeted != state.greetings)
                greeted = state.greetings
                return portion
            }
            var next = position
            let isBehind = state.end - next > Self.levelBacklog
            while next < state.end, portion.entries.count < limit {
                let entry = state.entries[state.head + Int(next - state.first)]
                next += 1
                if case .hello = entry.event.body { greeted += 1 }
                if isBehind, entry.event.kind == .activity, state.end - next > Self.levelBacklog / 4 { continue }
                portion.entries.append(entry)
            }
            cursor = next
            return portion
        }
    }

    private static func present(_ state: inout State, greets: Bool) -> [Entry] {
        func entry(_ event: Event) -> Entry { Entry(event: event, body: state.encoder.encode(event)) }
        var entries: [Entry] = []
        if greets, let hello = state.hello { entries.append(entry(Event(.hello(hello)))) }
        entries.append(entry(Event(.snapshot(state.board.snapshot(streams: state.hello?.streams ?? [])))))
        if let absence = state.absence { entries.append(entry(Event(.closing(reason: absence)))) }
        return entries
    }

    /// Returns the body of the reply to `GET /api/state`.
    func json() -> [UInt8] {
        state.withLock { state in
            var writer = JSONWriter()
            writer.raw("{\"connected\":")
            writer.value(.bool(state.absence == nil))
            writer.raw(",\"message\":")
            writer.string(state.absence ?? "")
            func object(_ body: [UInt8]) {
                writer.raw("{")
                writer.bytes.append(contentsOf: body.dropLast() as ArraySlice)
            }
            writer.raw(",\"hello\":")
            if let hello = state.hello {
                object(state.encoder.encode(Event(.hello(hello))))
            } else {
                writer.raw("null")
            }
            let snapshot = state.board.snapshot(streams: state.hello?.streams ?? [])
            writer.raw(",\"snapshot\":")
            object(state.encoder.encode(Event(.snapshot(snapshot))))
            for (name, bodies) in [("activity", state.levels), ("tags", state.tags)] {
                writer.raw(",")
                writer.string(name)
                writer.raw(":{")
                for (index, stream) in bodies.keys.sorted().enumerated() {
                    if index > 0 { writer.raw(",") }
                    writer.string(stream)
                    writer.raw(":")
                    object(bodies[stream] ?? [])
                }
                writer.raw("}")
            }
            writer.raw("}\n")
            return writer.bytes
        }
    }
}
