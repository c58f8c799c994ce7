// The instrument classes of models.

/// An instrument, with its name in model files, events and configuration.
public enum InstrumentClass: String, Codable, CaseIterable, Comparable, Sendable {
    case accordion, banjo, bass, bassoon, cello, clarinet, cymbals, drums, flute, guitar, horn
    case malletPercussion = "mallet_percussion"
    case mandolin, oboe, organ, piano, saxophone, synthesizer, trombone, trumpet, ukulele, viola, violin, voice

    /// Alphabetical order of the names.
    public static func < (left: InstrumentClass, right: InstrumentClass) -> Bool { left.rawValue < right.rawValue }
}
