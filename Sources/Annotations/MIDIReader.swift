// Reads Standard MIDI Files as references: the instrument, beginning and end of each note.

/// Standard MIDI Files of format 0 and 1. `GeneralMIDI` maps programs to classes. The percussion channel becomes drums
/// and cymbals, on every port (meta event 0x21, 16 channels each). A note lasts from its note-on to its note-off; the
/// pedal is ignored.
public enum MIDIReader {
    /// Reads a file.
    public static func read(_ bytes: [UInt8], _ context: ReadingContext) throws(AnnotationsError)
        -> ReferenceAnnotations
    {
        let file = try MIDIFile(bytes, context)
        let tempo = TempoMap(file)
        var notes = ClassifiedNotes()
        var programs: [Int: Int] = [:]
        var sounding: [Key: [Start]] = [:]
        func end(_ start: Start, _ key: Key, at tick: Int) throws(AnnotationsError) {
            let (from, to) = (tempo.seconds(start.tick), tempo.seconds(tick))
            if let problem = context.objection(start: from, end: to) { throw context.error(problem, byte: start.byte) }
            let isPercussion = GeneralMIDI.isPercussion(channel: key.channel)
            notes.add(start.sound, from, to, pitch: isPercussion ? nil : key.note, context)
        }
        for event in file.events {
            switch event.kind {
            case .program(let channel, let program): programs[channel] = program
            case .tempo: break
            case .noteOn(let channel, let note):
                let sound =
                    GeneralMIDI.isPercussion(channel: channel)
                    ? GeneralMIDI.sound(percussionKey: note) : GeneralMIDI.sound(program: programs[channel] ?? 0)
                sounding[Key(track: event.track, channel: channel, note: note), default: []].append(
                    Start(tick: event.tick, byte: event.byte, sound: sound))
            case .noteOff(let channel, let note):
                let key = Key(track: event.track, channel: channel, note: note)
                guard let start = sounding[key]?.first else { continue }
                sounding[key]?.removeFirst()
                try end(start, key, at: event.tick)
            }
        }
        // A note without an end lasts until the end of its track.
        for (key, starts) in sounding {
            for start in starts { try end(start, key, at: file.ends[key.track]) }
        }
        return notes.reference(context)
    }

    private struct Key: Hashable {
        let track: Int
        let channel: Int
        let note: Int
    }

    private struct Start {
        let tick: Int
        let byte: Int
        let sound: GeneralMIDI.Sound
    }
}
