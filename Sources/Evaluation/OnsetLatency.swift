// The delay between the entry of an instrument and its `on`.

/// Computes the delay of each entry. An entry is the beginning of a reference event after at least half a second in
/// which the class did not sound.
public enum OnsetLatency {
    /// Silence before an entry, in seconds; the beginning of the recording counts as silence.
    public static let silence = 0.5
    /// An `on` up to this much before the entry still belongs to it, because references are not exact; in seconds.
    public static let earliest = 0.05
    /// An `on` later than this after the entry does not belong to it; in seconds.
    public static let latest = 2.0

    /// The entries of one class in one recording.
    public struct Entries: Equatable, Sendable {
        /// Number of entries.
        public var count = 0
        /// Seconds from entry to `on`, for the detected entries.
        public var delays: [Double] = []
        /// Seconds from entry to the estimated onset, for the same entries: the amount by which the class's delay is
        /// too small.
        public var errors: [Double] = []

        /// Creates the value without entries.
        public init() {}
    }

    /// Finds the first `on` after each entry; all lists must be sorted and without overlaps.
    ///
    /// - Parameter estimates: the estimated time span of each segment in `heard`; nil to use the segments themselves.
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
