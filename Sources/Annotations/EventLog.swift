// A saved stream of event lines read back: a session's events.jsonl, or what `timbre replay` or `timbre listen` printed.

import Events

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
    public typealias Clock = @Sendable (_ place: Event.Place) -> Double?

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

    private var spells = EventAnnotations()
    private var hasBegun = false
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
        spells.annotations(of: stream, until: end ?? self.end)
    }

    /// Takes a line in. Lines of a type that this version does not know are passed over, as every reader should.
    public mutating func take(_ line: ArraySlice<UInt8>) throws(EventsError) {
        let fields = try JSONParser.parse(line)
        guard let type = fields["type"]?.text else { throw .event(problem: "its field \"type\" is missing") }
        guard let kind = EventKind(rawValue: type) else { return }
        if kind == .activity, !keepsActivity {
            arrive(try place(of: fields))
            return
        }
        let event = try NumberedEvent(line: line).event
        switch event.body {
        case .hello(let hello): self.hello = hello
        case .snapshot(let snapshot):
            let since = snapshot.active.map { clock(place($0.stream, $0.since, frame: nil)) ?? 0 }
            spells.apply(snapshot, at: end, since: since)
        case .tags(let window):
            guard let place = event.place, let seconds = arrive(place) else { return }
            tags[place.stream, default: []].append(TagWindow(window, at: seconds, shift: seconds - place.time.seconds))
        default:
            guard let place = event.place, let seconds = arrive(place) else { return }
            spells.apply(event.body, stream: place.stream, at: seconds)
            entries.append(Entry(seconds: seconds, stream: place.stream, body: event.body))
        }
    }

    /// The time of a line in the audio; keeps count of streams and of the end.
    @discardableResult private mutating func arrive(_ place: Event.Place) -> Double? {
        guard let seconds = clock(place), seconds.isFinite else { return nil }
        if !streams.contains(place.stream) { streams.append(place.stream) }
        if !hasBegun { start = max(0, seconds) }
        hasBegun = true
        end = max(end, seconds)
        return seconds
    }

    private func place(of fields: JSONValue) throws(EventsError) -> Event.Place {
        guard let stream = fields["stream"]?.text, let frame = fields["frame"]?.integer, let t = fields["t"]?.double
        else { throw .event(problem: "it has no stream, frame and t") }
        return place(stream, t, frame: frame)
    }

    /// A moment of a stream whose line names no frame has the nearest one.
    private func place(_ stream: String, _ seconds: Double, frame: Int64?) -> Event.Place {
        let nearest = Int64(exactly: (seconds * Double(hello?.rate ?? 0)).rounded()) ?? 0
        return Event.Place(stream: stream, time: StreamTime(frame: frame ?? nearest, seconds: seconds, wall: nil))
    }
}
