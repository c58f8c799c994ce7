// The names of sources: what is read, what is refused and with which words.

import AudioFiles
import TestSupport
import Testing

@testable import AudioInput

@Suite("Source specification")
struct SourceSpecificationTests {
    private static let known: [(String, String)] = [
        ("alsa:", "alsa:default"),
        ("alsa:hw:CARD=PCH,DEV=0", "alsa:hw:CARD=PCH,DEV=0"),
        ("pulse:", "pulse:"),
        ("pulse:@DEFAULT_MONITOR@", "pulse:@DEFAULT_MONITOR@"),
        ("file:song:1.flac", "file:song:1.flac"),
        ("song.flac", "file:song.flac"),
        ("file:\u{301}.wav", "file:\u{301}.wav"),
        ("/music/a:b.wav", "file:/music/a:b.wav"),
        ("-", "stdin:s16le:44100:2"),
        ("stdin:f32le:48000:16", "stdin:f32le:48000:16"),
        ("tone:440", "tone:440.0:-12.0"),
        ("tone:27.5:-40", "tone:27.5:-40.0"),
        ("tone:noise", "tone:noise:-12.0"),
    ]

    @Test("every kind of name is read, and written so that it is read back", arguments: known)
    func reads(text: String, expected: String) throws {
        let specification = try SourceSpecification(text)
        #expect(specification.description == expected)
        #expect(try SourceSpecification(specification.description) == specification)
    }

    @Test(
        "a name that makes no sense is refused with what to write instead",
        arguments: [
            ("", "name a source"), ("file:", "a path must follow"), ("puls:x", "unknown kind of source puls"),
            ("stdin:", "stdin:ENCODING:RATE:CHANNELS"), ("stdin:s17le:44100:2", "\"s17le\": expected one of u8 s16le"),
            ("stdin:f32le:0:2", "rate must be from 1000"), ("stdin:f32le:44100:65", "channels must be from 1 to 64"),
            ("stdin:f32le:44100:2:9", "stdin:ENCODING:RATE:CHANNELS"), ("tone:", "frequency in hertz"),
            ("tone:nan", "frequency in hertz"), ("tone:-3", "frequency in hertz"), ("tone:440:3", "-120 to 0 dBFS"),
            ("tone:440:-3:1", "-120 to 0 dBFS"), ("a\0b", "NUL"),
        ])
    func refuses(text: String, reason: String) {
        #expect {
            try SourceSpecification(text)
        } throws: { error in
            (error as? AudioInputError)?.description.contains(reason) == true
        }
    }

    @Test("promise 7: mutated names are read to something that reads back as itself, or refused")
    func mutations() {
        var random = SeededGenerator(11)
        for round in 0..<6_000 {
            var bytes = Array(Self.known[round % Self.known.count].0.utf8)
            for _ in 0...Int.random(in: 0..<4, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.insert(UInt8.random(in: .min ... .max, using: &random), at: place)
                case 1 where place < bytes.count: bytes.remove(at: place)
                case 2 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
                default: break
                }
            }
            guard let specification = try? SourceSpecification(String(decoding: bytes, as: UTF8.self)) else { continue }
            #expect((try? SourceSpecification(specification.description)) == specification)
        }
    }

    @Test("codes of every backend are put into words")
    func explains() throws {
        #expect(try SourceSpecification("alsa:").explain(19) == "No such device")
        #expect(try SourceSpecification("pulse:").explain(11) == "Connection terminated")
        #expect(
            try SourceSpecification("a.wav").explain(AudioFileReader.truncated).contains("the length in its header"))
        #expect(try SourceSpecification("-").explain(5) == "Input/output error")
    }
}
