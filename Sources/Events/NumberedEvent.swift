// A line read back: the event and its number, for the tool, recordings and tests.

/// A line as a consumer sees it: the event and its number.
public struct NumberedEvent: Equatable, Sendable {
    /// The number of the line, counted per consumer.
    public var sequence: Int64
    /// What it says.
    public var event: Event

    /// Creates a numbered event.
    public init(sequence: Int64, event: Event) {
        self.sequence = sequence
        self.event = event
    }

    /// Reads a line, with or without its line feed. Fields that this version does not know are passed over, as every
    /// reader should; a missing or wrongly typed field is an error that names it.
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

    /// Reads a line given as text.
    public init(line: String) throws(EventsError) {
        try self.init(line: ArraySlice(line.utf8))
    }
}
