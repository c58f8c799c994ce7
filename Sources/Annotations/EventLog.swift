// A saved stream of event lines: a session's events.jsonl, or the output of `timbre replay` or `timbre listen`.

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
        /// The content of the event.
        public var body: Event.Body
    }

    /// Returns the position of a moment of a stream in the audio, in seconds; nil where the event does not belong to
    /// the audio.
    public typealias Clock = @Sendable (_ position: Event.Position) -> Double?

    /// The last `hello`.
    public private(set) var hello: Hello?
    /// The timed events in the order of the lines.
    public private(set) var entries: [Entry] = []
    /// The windows of the clip model, by stream.
    public private(set) var tags: [String: [TagWindow]] = [:]
    /// The streams in the order of their first events.
    public private(set) var streams: [String] = []
    /// The time of the latest event, in seconds; the time of the end where the stream was processed to its end.
    public private(set) var end = 0.0

    /// The time of the first event, in seconds: 0, unless the log begins within a stream.
    public private(set) var start = 0.0

    private var segments = EventAnnotations()
    private var health = HealthNotices()
    private var hasBegun = false
    /// The latest time of each stream, in seconds.
    private var latest: [String: Double] = [:]
    /// Streams without an event since the last `hello`.
    private var unheard: Set<String> = []
    private let clock: Clock
    private let keepsActivity: Bool

    /// Creates an empty log.
    ///
    /// - Parameters:
    ///   - keepsActivity: whether `entries` includes `activity` lines; they are most of a file, and exports do not
    ///     need them.
    ///   - clock: the position of events in the audio. Sessions have their own clock; the default is `t`.
    public init(keepsActivity: Bool = true, clock: @escaping Clock = { $0.time.seconds }) {
        self.keepsActivity = keepsActivity
        self.clock = clock
    }

    /// What the health of the streams says besides changes of their state, each with its time.
    public var notices: [String] { health.texts }

    /// Returns the segments of a stream, with the marks.
    public func annotations(of stream: String, until end: Double? = nil) -> AnnotationSet {
        segments.annotations(of: stream, until: end ?? self.end)
    }

    /// Processes a line. Lines of a type that this version does not know are ignored.
    ///
    /// A `hello` within the log is a reconnection, after which the times continue. If the times start again, the
    /// program was restarted; such a log of two runs, whose times overlap, is rejected.
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
            health.reconnect()
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
            health.take(event.body, stream: position.stream, at: seconds)
            entries.append(Entry(seconds: seconds, stream: position.stream, body: event.body))
        }
    }

    /// Returns the time of a line in the audio; updates the streams and the end.
    @discardableResult private mutating func arrive(_ position: Event.Position) throws(EventsError) -> Double? {
        guard let seconds = clock(position), seconds.isFinite else { return nil }
        if unheard.contains(position.stream), let before = latest[position.stream] {
            // One millisecond of tolerance for rounding.
            guard seconds >= before - 0.001 else {
                throw .order(
                    problem:
                        "the time goes back from \(before) s to \(seconds) s because the program was restarted at the "
                        + "preceding line \"hello\", so the file contains two runs: divide it there, and read each "
                        + "part")
            }
            // A bridge reports the new state at the last known time, which says nothing of the clock.
            if seconds > before { unheard.remove(position.stream) }
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
        else { throw .event(problem: "stream, frame and t are missing") }
        return position(stream, t, frame: frame)
    }

    /// Returns a position; where the line contains no frame, the frame is the nearest one.
    private func position(_ stream: String, _ seconds: Double, frame: Int64?) -> Event.Position {
        let nearest = Int64(exactly: (seconds * Double(hello?.rate ?? 0)).rounded()) ?? 0
        return Event.Position(stream: stream, time: StreamTime(frame: frame ?? nearest, seconds: seconds, wall: nil))
    }
}
