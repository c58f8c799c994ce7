// The families of the instruments: the only mapping, for events, views and reports.

/// A family of instruments.
public enum InstrumentFamily: String, Codable, CaseIterable, Sendable {
    case strings, plucked, woodwind, brass, keyboard, percussion, voice, electronic
}

extension InstrumentClass {
    /// The family of the instrument.
    public var family: InstrumentFamily {
        switch self {
        case .violin, .viola, .cello, .bass: .strings
        case .guitar, .banjo, .mandolin, .ukulele: .plucked
        case .flute, .clarinet, .oboe, .bassoon, .saxophone: .woodwind
        case .trumpet, .trombone, .horn: .brass
        case .piano, .organ, .accordion: .keyboard
        case .drums, .cymbals, .malletPercussion: .percussion
        case .voice: .voice
        case .synthesizer: .electronic
        }
    }
}
