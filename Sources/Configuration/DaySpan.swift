// A span of the day in text form.

/// A span from one minute of the day to another, in the machine's local time: "07:30-09:00". A span whose end is
/// before its start includes midnight.
public struct DaySpan: Equatable, Sendable, CustomStringConvertible {
    /// Minute of the day, 0..<1440.
    public var start: Int
    /// Minute of the day, 0..<1440, the first that is not in the span.
    public var end: Int

    /// Creates a span.
    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }

    /// Parses the form that `description` writes; returns `nil` for any other text.
    init?(_ text: Substring) {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minute)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start != end else { return nil }
        self.start = start
        self.end = end
    }

    /// Returns whether this minute of the day is in the span.
    public func contains(minute: Int) -> Bool {
        start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    private static func minute(_ text: Substring) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [0, 1, 3, 4].map { Int(bytes[$0]) - 0x30 }
        guard digits.allSatisfy((0...9).contains) else { return nil }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    /// The text of the span.
    public var description: String {
        func clock(_ minute: Int) -> String {
            [minute / 60, minute % 60].map { ($0 < 10 ? "0" : "") + String($0) }.joined(separator: ":")
        }
        return "\(clock(start))-\(clock(end))"
    }
}
