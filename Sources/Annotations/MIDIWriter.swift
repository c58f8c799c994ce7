// Writes Standard MIDI Files: a track for each instrument, with a note held while it sounds.

extension ExportFormat {
    /// A Standard MIDI File.
    public static let midi = ExportFormat(
        "midi", ending: ".mid", carriesMarks: true, isText: false, write: MIDIWriter.encode)
}

/// A Standard MIDI File of format 1. A tick is one millisecond, so every time is accurate to half a millisecond: 500
/// ticks a quarter note at 120 quarter notes a minute. The first track contains the tempo and the marks, as markers;
/// each instrument has a further track with its name, its General MIDI program and its notes. The velocity is the
/// confidence. Texts are UTF-8.
public enum MIDIWriter {
    private static let ticksPerQuarter = 500
    private static let microsecondsPerQuarter = 500_000
    /// Velocity of a note without a confidence.
    private static let velocity = 100

    /// Returns the file's bytes. All tracks end with the audio.
    public static func encode(_ set: AnnotationSet, about subject: ExportFormat.Subject) -> [UInt8] {
        let end = tick(set.duration ?? 0)
        let tracks = [conductor(set, subject).chunk(endingAt: end)] + voices(set).map { $0.chunk(endingAt: end) }
        let header = [6, 1, tracks.count, ticksPerQuarter]
        return Array("MThd".utf8) + MIDITrack.bigEndian(header[0], bytes: 4)
            + header.dropFirst().flatMap { MIDITrack.bigEndian($0, bytes: 2) } + tracks.joined()
    }

    private static func conductor(_ set: AnnotationSet, _ subject: ExportFormat.Subject) -> MIDITrack {
        var track = MIDITrack()
        track.appendMeta(0x03, PlainText.line(subject.title).utf8, at: 0)
        track.appendMeta(0x01, PlainText.line(subject.software).utf8, at: 0)
        track.appendMeta(0x51, MIDITrack.bigEndian(microsecondsPerQuarter, bytes: 3), at: 0)
        for mark in set.marks { track.appendMeta(0x06, PlainText.line(mark.text).utf8, at: tick(mark.time)) }
        return track
    }

    /// Returns one track per instrument. Fifteen channels are available for non-percussion instruments; the sixteenth
    /// instrument uses the first channel of the next port, which sequencers send to another set of channels.
    private static func voices(_ set: AnnotationSet) -> [MIDITrack] {
        var pitched = 0
        return set.instruments.map { instrument in
            let voice = MIDIVoice(of: instrument)
            var track = MIDITrack()
            track.appendMeta(0x03, PlainText.line(instrument).utf8, at: 0)
            var channel = GeneralMIDI.percussionChannel
            if !voice.isPercussion {
                channel = pitched % 15 < GeneralMIDI.percussionChannel ? pitched % 15 : pitched % 15 + 1
                track.appendMeta(0x21, [UInt8(pitched / 15 & 0x7F)], at: 0)
                pitched += 1
            }
            track.append([0xC0 | UInt8(channel), UInt8(voice.program)], at: 0)
            for (tick, bytes) in notes(set, of: instrument, voice, channel: channel) { track.append(bytes, at: tick) }
            return track
        }
    }

    private struct Note {
        var start: Int
        var end: Int
        let key: Int
        let velocity: Int
    }

    /// Returns note-offs and note-ons ordered by time, offs first, so that a key that starts where it ended sounds
    /// again.
    private static func notes(
        _ set: AnnotationSet, of instrument: String, _ voice: MIDIVoice, channel: Int
    ) -> [(tick: Int, bytes: [UInt8])] {
        var notes: [Note] = []
        var latest: [Int: Int] = [:]
        for annotation in set.annotations where annotation.instrument == instrument {
            let key = min(127, max(0, annotation.pitch ?? voice.note))
            let start = tick(annotation.start)
            let end = max(start + 1, tick(annotation.end))
            // A key cannot be held twice: overlapping notes become one note.
            if let index = latest[key], notes[index].end > start {
                notes[index].end = max(notes[index].end, end)
                continue
            }
            let velocity = annotation.confidence.map { 1 + Int((min(max($0, 0), 1) * 126).rounded()) } ?? velocity
            latest[key] = notes.count
            notes.append(Note(start: start, end: end, key: key, velocity: velocity))
        }
        var events: [(tick: Int, rank: Int, bytes: [UInt8])] = []
        for note in notes {
            let (key, velocity) = (UInt8(note.key), UInt8(note.velocity))
            events.append((note.start, 1, [0x90 | UInt8(channel), key, velocity]))
            events.append((note.end, 0, [0x80 | UInt8(channel), key, 64]))
        }
        return events.sorted { ($0.tick, $0.rank) < ($1.tick, $1.rank) }.map { ($0.tick, $0.bytes) }
    }

    /// Times are limited to ten years, because long pauses are divided by events.
    private static func tick(_ seconds: Double) -> Int { Int((min(max(0, seconds), 315_360_000) * 1000).rounded()) }
}
