// A saved stream of event lines read back: a session's events.jsonl, or what `timbre replay` or `timbre listen` printed.

import Events
import JSON

/// The events of a recording, at their times in its audio.
public struct EventLog: Sendable {
    /// One event of a stream.
    public struct Entry: Equatable, Sendable {
        /// Seconds from the beginning of the audio.
        public var seconds: Double
        /// The stream.
        public var stream: String
        /// What happened.
        public var body: Event.Body
    }

    /// Where a moment of a stream stands in the audio, in seconds; nil where it is not about it.
    public typealias Clock = @Sendable (_ position: Event.Position) -> Double?

    /// Who spoke: the last such line.
    public private(set) var hello: Hello?
    /// The timed events in the order of the lines.
    public private(set) var entries: [Entry] = []
    /// What the clip model said, by stream.
    public private(set) var tags: [String: [TagWindow]] = [:]
    /// The streams in the order in which they first speak.
    public private(set) var streams: [String] = []
    /// The time of the latest event, in seconds; that of the end where the stream was heard to its end.
    public private(set) var end = 0.0

    /// The time of the first event, in seconds: 0, unless the log begins in the middle of a stream.
    public private(set) var start = 0.0

    private var segments = EventAnnotations()
    private var hasBegun = false
    /// The latest time of each stream, in seconds.
    private var latest: [String: Double] = [:]
    /// Streams that have not spoken since the last hello.
    private var unheard: Set<String> = []
    private let clock: Clock
    private let keepsActivity: Bool

    /// An empty log.
    ///
    /// - Parameters:
    ///   - keepsActivity: whether `activity` lines are among `entries`; they are most of a file and exports need none.
    ///   - clock: where events stand. Sessions have a clock of their own; without one it is `t`.
    public init(keepsActivity: Bool = true, clock: @escaping Clock = { $0.time.seconds }) {
        self.keepsActivity = keepsActivity
        self.clock = clock
    }

    /// What sounds when in a stream, with the marks.
    public func annotations(of stream: String, until end: Double? = nil) -> AnnotationSet {
        segments.annotations(of: stream, until: end ?? self.end)
    }

    /// Takes a line in. Lines of a type that this version does not know are passed over, as every reader should.
    ///
    /// A `hello` in the middle is a reconnection, after which the times go on. Where they begin anew the program was
    /// started again, and the log of two runs, which would lie on top of one another, is refused.
    public mutating func take(_ line: ArraySlice<UInt8>) throws(EventsError) {
        let fields: JSONValue
        do throws(JSONError) {
            fields = try JSONParser.parse(line)
        } catch {
            throw .json(error)
        }
        guard let type = fields["type"]?.text else { throw .event(problem: "its field \"type\" is missing") }
        guard let kind = EventKind(rawValue: type) else { return }
        if kind == .activity, !keepsActivity {
            try arrive(position(of: fields))
            return
        }
        let event = try NumberedEvent(line: line).event
        switch event.body {
        case .hello(let hello):
            unheard = Set(latest.keys)
            self.hello = hello
        case .snapshot(let snapshot):
            let since = snapshot.active.map { clock(position($0.stream, $0.since, frame: nil)) ?? 0 }
            segments.apply(snapshot, at: end, since: since)
        case .tags(let window):
            guard let position = event.position, let seconds = try arrive(position) else { return }
            tags[position.stream, default: []].append(
                TagWindow(window, at: seconds, shift: seconds - position.time.seconds))
        default:
            guard let position = event.position, let seconds = try arrive(position) else { return }
            segments.apply(event.body, stream: position.stream, at: seconds, shift: seconds - position.time.seconds)
            entries.append(Entry(seconds: seconds, stream: position.stream, body: event.body))
        }
    }

    /// The time of a line in the audio; keeps count of streams and of the end.
    @discardableResult private mutating func arrive(_ position: Event.Position) throws(EventsError) -> Double? {
        guard let seconds = clock(position), seconds.isFinite else { return nil }
        // A millisecond for what was rounded.
        if unheard.remove(position.stream) != nil, let before = latest[position.stream], seconds < before - 0.001 {
            throw .order(
                problem:
                    "the time goes back from \(before) s to \(seconds) s: the program was started again at the line "
                    + "\"hello\" before this one, so the file holds two runs; cut it there and read each by itself")
        }
        latest[position.stream] = max(seconds, latest[position.stream] ?? 0)
        if !streams.contains(position.stream) { streams.append(position.stream) }
        if !hasBegun { start = max(0, seconds) }
        hasBegun = true
        end = max(end, seconds)
        return seconds
    }

    private func position(of fields: JSONValue) throws(EventsError) -> Event.Position {
        guard let stream = fields["stream"]?.text, let frame = fields["frame"]?.integer, let t = fields["t"]?.double
        else { throw .event(problem: "it has no stream, frame and t") }
        return position(stream, t, frame: frame)
    }

    /// A moment of a stream whose line names no frame has the nearest one.
    private func position(_ stream: String, _ seconds: Double, frame: Int64?) -> Event.Position {
        let nearest = Int64(exactly: (seconds * Double(hello?.rate ?? 0)).rounded()) ?? 0
        return Event.Position(stream: stream, time: StreamTime(frame: frame ?? nearest, seconds: seconds, wall: nil))
    }
}
