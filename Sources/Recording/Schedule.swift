// Times of day at which is recorded.

/// Spans of the day, in minutes of the machine's local time.
public struct Schedule: Equatable, Sendable {
    /// One span; where `end` is before `start` it passes midnight.
    public struct Span: Equatable, Sendable {
        /// Minute of the day, 0..<1440.
        public var start: Int
        /// Minute of the day, 0..<1440, the first that is out.
        public var end: Int

        /// Creates a span.
        public init(start: Int, end: Int) {
            self.start = start
            self.end = end
        }
    }

    /// Any number of them.
    public var spans: [Span]

    /// Creates a schedule, by default one without any time.
    public init(_ spans: [Span] = []) {
        self.spans = spans
    }

    /// Whether this minute of the day is in one of the spans.
    public func contains(minute: Int) -> Bool {
        spans.contains { span in
            span.start < span.end
                ? (span.start..<span.end).contains(minute) : minute >= span.start || minute < span.end
        }
    }
}
