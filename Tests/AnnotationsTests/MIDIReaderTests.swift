// Standard MIDI Files: tempo, running status, programs and percussion, and the byte of what is wrong.

import Testing

@testable import Annotations

@Suite("MIDI reader") struct MIDIReaderTests {
    /// A file of these tracks with 480 ticks to the quarter note, or another division.
    static func file(format: UInt8 = 1, division: [UInt8] = [0x01, 0xE0], _ tracks: [[UInt8]]) -> [UInt8] {
        var bytes = Array("MThd".utf8) + [0, 0, 0, 6, 0, format, 0, UInt8(tracks.count)] + division
        for track in tracks {
            bytes += Array("MTrk".utf8) + [0, 0, UInt8(track.count >> 8), UInt8(track.count & 0xFF)] + track
        }
        return bytes
    }

    private static let end: [UInt8] = [0x00, 0xFF, 0x2F, 0x00]

    private func notes(_ bytes: [UInt8]) throws -> [Annotation] {
        try ReferenceFormat.midi.read(bytes, context("x.mid", nil)).set.annotations
    }

    private func objection(_ bytes: [UInt8]) -> String? {
        do {
            _ = try notes(bytes)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test("Notes last by the tempo map, running status and note-ons of velocity 0 included")
    func tempo() throws {
        // A quarter at 120 a minute, then at 60; delta 480 is the two bytes 0x83 0x60.
        let conductor: [UInt8] = [0x83, 0x60, 0xFF, 0x51, 0x03, 0x0F, 0x42, 0x40] + Self.end
        let violin: [UInt8] =
            [0x00, 0xC0, 40, 0x00, 0x90, 60, 100, 0x83, 0x60, 62, 100, 0x00, 60, 0] + [0x83, 0x60, 62, 0] + Self.end
        #expect(
            try notes(Self.file([conductor, violin])) == [
                Annotation(start: 0, end: 0.5, instrument: "violin", pitch: 60),
                Annotation(start: 0.5, end: 1.5, instrument: "violin", pitch: 62),
            ])
        #expect(try notes(Self.file(format: 0, [violin])).map(\.end) == [0.5, 1])
    }

    @Test("Ticks may be parts of a second")
    func frames() throws {
        // 25 frames of 40 ticks: a thousand ticks a second.
        let track: [UInt8] = [0x00, 0xC0, 42, 0x00, 0x90, 50, 1, 0x83, 0x74, 0x80, 50, 0] + Self.end
        #expect(
            try notes(Self.file(division: [0xE7, 40], [track]))
                == [Annotation(start: 0, end: 0.5, instrument: "cello", pitch: 50)])
    }

    @Test("Channel 10 is percussion; a program that may be several classes makes them unknown")
    func programs() throws {
        let track: [UInt8] = [
            0x00, 0x99, 36, 100, 0x00, 0x99, 42, 100, 0x00, 0xC1, 48, 0x00, 0x91, 60, 100, 0x00, 0xC2, 46, 0x00, 0x92,
            70, 9,
            0x83, 0x60, 0x89, 36, 0, 0x00, 42, 0, 0x00, 0x81, 60, 0, 0x00, 0x82, 70, 0,
        ]
        let reference = try ReferenceFormat.midi.read(Self.file([track + Self.end]), context("x.mid", nil))
        #expect(
            reference.set.annotations == [
                Annotation(start: 0, end: 0.5, instrument: "cymbals"),
                Annotation(start: 0, end: 0.5, instrument: "drums"),
            ])
        #expect(reference.unknown == ["violin", "viola", "cello", "bass"])
    }

    @Test("A note that nobody ends lasts as long as its track, a note twice begun ends twice")
    func open() throws {
        let track: [UInt8] = [0x00, 0x90, 60, 1, 0x60, 0x90, 60, 1, 0x60, 0x80, 60, 0, 0x83, 0x60, 0xFF, 0x2F, 0x00]
        #expect(try notes(Self.file([track])).map(\.end) == [0.2, 0.7])
    }

    @Test("What is wrong is named with its byte")
    func errors() {
        #expect(objection(Array("RIFF".utf8)) == "x.mid: byte 0: expected a MIDI header")
        #expect(
            objection(Self.file(format: 2, [])) == "x.mid: byte 8: MIDI format 2 is not supported: expected 0 or 1")
        #expect(objection(Self.file(division: [0, 0], [])) == "x.mid: byte 12: the time division is zero")
        #expect(objection(Self.file([[0x00, 0x40, 0x40]])) == "x.mid: byte 23: data without a preceding status byte")
        #expect(
            objection(Self.file([[0x00, 0x90, 0x90, 0]])) == "x.mid: byte 24: 0x90 in place of a data byte")
        #expect(
            objection(Self.file([[0x00, 0x90, 60]].map { $0 + Self.end }).dropLast(6).map { $0 })?.contains("truncated")
                == true)
    }
}
