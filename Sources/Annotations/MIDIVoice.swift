// Maps instrument classes to General MIDI sounds.

/// The sound of an instrument's notes.
struct MIDIVoice: Equatable, Sendable {
    /// Program from 0 to 127; on the percussion channel, the program of the drum kit.
    var program: Int
    /// The note while the instrument sounds, where the annotation has no pitch.
    var note = 60
    /// Whether it plays on the percussion channel.
    var isPercussion = false

    /// Creates the sound of a class: the General MIDI program of that name, or the program of the most similar
    /// instrument. General MIDI has no mandolin and no ukulele; they use guitar programs. An unknown class uses the
    /// piano.
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
