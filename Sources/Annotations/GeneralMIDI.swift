// Maps General MIDI programs and percussion keys to instrument classes.

/// The sounds of General MIDI 1 as instrument classes.
public enum GeneralMIDI {
    /// The meaning of a program or a key for the classes.
    public enum Sound: Equatable, Sendable {
        /// The sound is this class.
        case instrument(String)
        /// The sound may be any of these classes: while it plays, they are unknown.
        case anyOf(Set<String>)
        /// The sound is none of the classes.
        case other
    }

    /// The percussion channel, counted from 0; in manuals it is channel 10.
    public static let percussionChannel = 9

    /// Returns whether a channel is the percussion channel of any port; see `MIDIFile.Event`.
    static func isPercussion(channel: Int) -> Bool { channel & 0x0F == percussionChannel }

    /// Returns the sound of a program, counted from 0 as in the file; manuals count from 1.
    public static func sound(program: Int) -> Sound {
        switch program {
        case 0...5: .instrument("piano")
        case 7: .anyOf(["piano"])
        case 8, 9, 11...14: .instrument("mallet_percussion")
        case 10, 108, 114: .anyOf(["mallet_percussion"])
        case 16...19: .instrument("organ")
        case 20: .anyOf(["organ", "accordion"])
        case 21, 23: .instrument("accordion")
        case 24...31: .instrument("guitar")
        case 32...37, 43: .instrument("bass")
        case 38, 39: .anyOf(["bass", "synthesizer"])
        case 40, 110: .instrument("violin")
        case 41: .instrument("viola")
        case 42: .instrument("cello")
        case 44, 45, 48, 49: .anyOf(["violin", "viola", "cello", "bass"])
        case 50, 51: .anyOf(["violin", "viola", "cello", "bass", "synthesizer"])
        case 47: .anyOf(["drums"])
        case 52, 53: .instrument("voice")
        case 54: .anyOf(["voice", "synthesizer"])
        case 56, 59: .instrument("trumpet")
        case 57: .instrument("trombone")
        case 60: .instrument("horn")
        case 61: .anyOf(["trumpet", "trombone", "horn"])
        case 62, 63: .anyOf(["trumpet", "trombone", "horn", "synthesizer"])
        case 64...67: .instrument("saxophone")
        case 68: .instrument("oboe")
        case 69: .anyOf(["oboe"])
        case 70: .instrument("bassoon")
        case 71: .instrument("clarinet")
        case 72, 73: .instrument("flute")
        case 74...79: .anyOf(["flute"])
        case 80...103: .instrument("synthesizer")
        case 105: .instrument("banjo")
        case 115...118: .instrument("drums")
        case 119: .instrument("cymbals")
        default: .other
        }
    }

    /// Returns the sound of a key on the percussion channel.
    public static func sound(percussionKey key: Int) -> Sound {
        switch key {
        case 42, 44, 46, 49, 51, 52, 53, 55, 57, 59: .instrument("cymbals")
        case 35...50, 54, 56, 60...66: .instrument("drums")
        default: .other
        }
    }
}
