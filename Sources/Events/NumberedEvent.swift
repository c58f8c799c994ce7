// A decoded line: the event and its number, for the tool, recordings and tests.

/// A line as a consumer receives it: the event and its number.
public struct NumberedEvent: Equatable, Sendable {
    /// The number of the line, counted per consumer.
    public var sequence: Int64
    /// The event.
    public var event: Event

    /// Creates a numbered event.
    public init(sequence: Int64, event: Event) {
        self.sequence = sequence
        self.event = event
    }

    /// Decodes a line, with or without its line feed. Fields that this version does not know are ignored; a missing or
    /// wrongly typed field throws an error that names it.
    public init(line: ArraySlice<UInt8>) throws(EventsError) {
        let fields = try EventFields(line: line)
        sequence = try fields.integer("seq")
        let name = try fields.text("type")
        guard let kind = EventKind(rawValue: name) else { throw .event(problem: "its type \"\(name)\" is unknown") }
        let body = try fields.body(of: kind)
        if kind.isTimed {
            event = Event(stream: try fields.text("stream"), time: try fields.time(), body)
        } else {
            event = Event(body)
        }
    }

    /// Decodes a line given as text.
    public init(line: String) throws(EventsError) {
        try self.init(line: ArraySlice(line.utf8))
    }
}
