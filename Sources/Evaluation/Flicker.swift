// The number of events per minute, compared with the reference.

/// Events per minute, reported and true, over classes and recordings whose times are known.
public struct Flicker: Equatable, Sendable {
    /// Number of reported events.
    public var heard = 0
    /// Number of reference events; pauses shorter than the set's gap are part of an event.
    public var reference = 0
    /// Length of the recordings whose times are known, in seconds.
    public var seconds = 0.0

    /// Collects the recordings whose times are known.
    init(_ recordings: [RecordingResult]) {
        for recording in recordings {
            let counts = recording.classes.compactMap(\.onsets)
            guard !counts.isEmpty else { continue }
            seconds += recording.duration
            heard += counts.reduce(0) { $0 + $1.hits + $1.falseAlarms }
            reference += counts.reduce(0) { $0 + $1.hits + $1.misses }
        }
    }

    /// Reported events per minute; nil where no times are known.
    public var heardPerMinute: Double? { seconds > 0 ? Double(heard) / seconds * 60 : nil }
    /// True events per minute; nil where no times are known.
    public var referencePerMinute: Double? { seconds > 0 ? Double(reference) / seconds * 60 : nil }
}
