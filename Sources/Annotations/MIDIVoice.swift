// Which sound of General MIDI plays an instrument class.

/// The sound that an instrument's notes are given.
struct MIDIVoice: Equatable, Sendable {
    /// Program from 0 to 127; on the percussion channel, that of the drum kit.
    var program: Int
    /// The note that is held while the instrument sounds, where an annotation names none.
    var note = 60
    /// Whether it plays on the percussion channel.
    var isPercussion = false

    /// The sound of a class: the program that General MIDI names after it, or after its nearest relative. General
    /// MIDI has no mandolin and no ukulele: they are guitars. An unknown class is a piano.
    init(of instrument: String) {
        switch instrument {
        case "cymbals": (program, note, isPercussion) = (0, 49, true)
        case "drums": (program, note, isPercussion) = (0, 38, true)
        default: program = Self.programs[instrument] ?? 0
        }
    }

    private static let programs = [
        "accordion": 21, "banjo": 105, "bass": 32, "bassoon": 70, "cello": 42, "clarinet": 71, "flute": 73,
        "guitar": 24, "horn": 60, "mallet_percussion": 12, "mandolin": 25, "oboe": 68, "organ": 19, "piano": 0,
        "saxophone": 65, "synthesizer": 80, "trombone": 57, "trumpet": 56, "ukulele": 24, "viola": 41, "violin": 40,
        "voice": 52,
    ]
}
