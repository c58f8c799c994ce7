// The delay between the entry of an instrument and its `on`.

/// Finds the delay of each entry: the beginning of a reference event after at least half a second in which the class did
/// not sound.
public enum OnsetLatency {
    /// Silence before an entry, in seconds; the beginning of the recording counts as silence.
    public static let silence = 0.5
    /// An `on` this much before the entry still belongs to it: references are not exact.
    public static let earliest = 0.05
    /// An `on` later than this after the entry is no longer its.
    public static let latest = 2.0

    /// What happened to the entries of one class in one recording.
    public struct Entries: Equatable, Sendable {
        /// How many entries there are.
        public var count = 0
        /// Seconds from entry to `on`, for the detected ones.
        public var delays: [Double] = []
        /// Seconds from entry to the onset that was estimated, for the same: what the class's delay is short of.
        public var errors: [Double] = []

        /// No entries.
        public init() {}
    }

    /// Looks for the first `on` after each entry; all lists without overlaps and in order.
    ///
    /// - Parameter estimates: of each segment that was heard, where it is estimated to have begun; nil for there.
    public static func entries(
        reference: [TimeSpan], heard: [TimeSpan], estimates: [TimeSpan]? = nil
    ) -> Entries {
        var entries = Entries()
        var end = -Double.infinity
        for span in reference {
            defer { end = span.end }
            guard span.start - end >= silence else { continue }
            entries.count += 1
            let near = heard.firstIndex { $0.start >= span.start - earliest && $0.start <= span.start + latest }
            guard let near else { continue }
            entries.delays.append(heard[near].start - span.start)
            entries.errors.append((estimates ?? heard)[near].start - span.start)
        }
        return entries
    }
}
