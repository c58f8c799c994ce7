// How restless the events are beside the music.

/// Events a minute, as reported and as they are, over classes and recordings whose times are known.
public struct Flicker: Equatable, Sendable {
    /// Times that something came on.
    public var heard = 0
    /// Events of the reference; pauses shorter than the set's gap belong to them.
    public var reference = 0
    /// Length of the recordings whose times are known, in seconds.
    public var seconds = 0.0

    /// Collects the recordings whose times are known among these.
    init(_ recordings: [RecordingResult]) {
        for recording in recordings {
            let counts = recording.classes.compactMap(\.onsets)
            guard !counts.isEmpty else { continue }
            seconds += recording.duration
            heard += counts.reduce(0) { $0 + $1.hits + $1.falseAlarms }
            reference += counts.reduce(0) { $0 + $1.hits + $1.misses }
        }
    }

    /// Reported events a minute; nil where no times are known.
    public var heardPerMinute: Double? { seconds > 0 ? Double(heard) / seconds * 60 : nil }
    /// True events a minute; nil where no times are known.
    public var referencePerMinute: Double? { seconds > 0 ? Double(reference) / seconds * 60 : nil }
}
