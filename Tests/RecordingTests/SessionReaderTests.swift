// Sessions read back: manifest, events, and the place of each in the sound.

import Annotations
import Events
import Foundation
import TestSupport
import Testing

@testable import Recording

/// A folder of the test's own; it goes with the value that holds it.
final class TemporaryFolder {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "session-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Session reader")
struct SessionReaderTests {
    /// A session at 48 kHz that began when the stream was at frame 44100, with a gap of half a second after one second.
    static var manifest: SessionManifest {
        var manifest = SessionManifest()
        manifest.software = "timbred 0.1.0"
        manifest.source = "alsa:hw:1"
        manifest.streams = ["main"]
        manifest.rate = 48_000
        manifest.channels = 10
        manifest.files = [
            .init(name: "audio.flac", firstChannel: 1, channels: 8),
            .init(name: "audio-9.flac", firstChannel: 9, channels: 2),
        ]
        manifest.start = WallTime("2026-11-21T06:58:51.163Z")
        manifest.recording = "2026-11-21T065851Z-main"
        manifest.part = 1
        manifest.streamRate = 44_100
        manifest.hop = 512
        manifest.model = .init(name: "pitch", sha256: String(repeating: "a", count: 64))
        manifest.trigger = "asked"
        manifest.anchors = [
            .init(stream: "main", frame: 0, audioFrame: -48_000),
            .init(stream: "main", frame: 88_200, audioFrame: 72_000),
        ]
        manifest.gaps = [.init(audioFrame: 48_000, frames: 24_000, reason: "xrun")]
        manifest.marks = [.init(stream: "main", audioFrame: 12, text: "a \"quoted\" mark")]
        return manifest
    }

    static func time(_ frame: Int64) -> StreamTime {
        StreamTime(frame: frame, seconds: Double(frame) / 44_100, wall: nil)
    }

    static var events: [Event] {
        let on = InstrumentOn(instrument: "violin", family: "strings", confidence: 0.5)
        let off = InstrumentOff(instrument: "violin", family: "strings", confidence: 0.75, duration: 1)
        return [
            Event(
                .snapshot(
                    .init(
                        active: [
                            .init(stream: "main", instrument: "piano", family: "keyboard", since: 0.5, confidence: 0.25)
                        ], health: [.init(stream: "main", state: .running)]))),
            Event(stream: "main", time: time(66_150), .on(on)),
            Event(stream: "main", time: time(88_200), .off(off)),
            Event(stream: "main", time: time(88_200), .discontinuity(.init(reason: .xrun, lostSeconds: 0.5))),
            Event(stream: "main", time: time(110_250), .on(on)),
            Event(stream: "main", time: time(110_250), .mark(text: "here")),
        ]
    }

    static func write(_ manifest: SessionManifest, _ events: [Event], to path: String, tail: String = "") throws {
        try Data(manifest.json).write(to: URL(filePath: path + "/session.json"))
        var encoder = EventEncoder()
        let lines = events.enumerated().flatMap { encoder.line($0.element, sequence: Int64($0.offset + 1)) }
        try Data(lines + Array(tail.utf8)).write(to: URL(filePath: path + "/events.jsonl"))
    }

    @Test("a manifest is read as it was written")
    func roundTrip() throws {
        var closed = Self.manifest
        closed.state = .closed
        closed.frames = 480_000
        closed.end = "asked"
        closed.clipped = 3
        var bare = Self.manifest
        bare.start = nil
        bare.model = nil
        bare.anchors = []
        bare.gaps = []
        bare.marks = []
        for manifest in [Self.manifest, closed, bare] {
            #expect(try SessionManifest(json: manifest.json, path: "session.json") == manifest)
        }
    }

    @Test("events stand where their audio is, to the frame, also after a gap; off lines of a gap where it begins")
    func places() {
        let manifest = Self.manifest
        #expect(manifest.audioFrame(of: 44_100, stream: "main") == 0)
        #expect(manifest.audioFrame(of: 66_150, stream: "main") == 24_000)
        #expect(manifest.audioFrame(of: 88_200, stream: "main") == 48_000)
        #expect(manifest.audioFrame(of: 88_200 + 512, stream: "main") == 72_557)
        #expect(manifest.audioFrame(of: 0, stream: "other") == nil)
    }

    @Test("an open session is read as far as it goes, without the half of its last line")
    func open() throws {
        let folder = try TemporaryFolder()
        try Self.write(Self.manifest, Self.events, to: folder.path, tail: "{\"seq\":7,\"type\":\"o")
        let session = try SessionReader(folder: SessionFolder(path: folder.path))
        #expect(session.events.count == 6)
        #expect(session.duration == 2)
        let annotations = try session.annotations(stream: "main")
        #expect(
            annotations.annotations == [
                Annotation(start: 0, end: 2, instrument: "piano", confidence: 0.25),
                Annotation(start: 0.5, end: 1, instrument: "violin", confidence: 0.75),
                Annotation(start: 2, end: 2, instrument: "violin", confidence: 0.5),
            ])
        #expect(annotations.marks == [.init(time: 2, text: "here")])
        #expect(session.audioPaths == ["\(folder.path)/audio.flac", "\(folder.path)/audio-9.flac"])
    }

    @Test("a segment is where its sound is estimated to have been, on the clock of the session's sound")
    func estimates() throws {
        let folder = try TemporaryFolder()
        var events = Self.events
        // The events stand at 0.5 and 1 s of the sound, which are 1.5 and 2 s of the stream.
        events[1] = Event(
            stream: "main", time: Self.time(66_150),
            .on(.init(instrument: "violin", family: "strings", confidence: 0.5, onset: 1.25)))
        events[2] = Event(
            stream: "main", time: Self.time(88_200),
            .off(.init(instrument: "violin", family: "strings", confidence: 0.75, duration: 0.5, offset: 1.75)))
        try Self.write(Self.manifest, events, to: folder.path)
        let session = try SessionReader(folder: SessionFolder(path: folder.path))
        let segment = try #require(try session.annotations(stream: "main").annotations.first { $0.confidence == 0.75 })
        #expect(abs(segment.start - 0.25) < 1e-6 && abs(segment.end - 0.75) < 1e-6)
    }

    @Test("lines of a later version are passed over; broken ones are named with their number")
    func lines() throws {
        let good = "{\"seq\":1,\"type\":\"closing\",\"reason\":\"x\"}\n"
        let later = try SessionEvents(bytes: Array((good + "{\"seq\":2,\"type\":\"smell\"}\n").utf8), path: "e")
        #expect(later.lines.count == 1 && later.wholeBytes == good.utf8.count + 25)
        #expect {
            try SessionEvents(bytes: Array((good + "{\"seq\":2\n" + good).utf8), path: "events.jsonl")
        } throws: { error in
            "\(error)".hasPrefix("events.jsonl:2: ")
        }
    }

    @Test(
        "a wrong manifest is refused with its file and what is wrong",
        arguments: [
            ("\"rate\": 48000", "\"rate\": 0", "\"rate\" must be a whole number from 1"),
            ("\"state\": \"open\"", "\"state\": \"ajar\"", "open, closed, repaired"),
            ("audio.flac", "../audio.flac", "in the session's folder"),
            ("\"version\": 1", "\"version\": 2", "has version 2"),
            ("\"format\": \"timbred session\"", "\"format\": \"x\"", "\"format\" must be"),
            ("\"frames\": null", "\"frames\": -1", "0 or more"),
            ("2026-11-21T06:58:51.163Z\"", "yesterday\"", "a time as"),
            ("{\n", "[\n", "not valid JSON at byte"),
        ])
    func wrong(_ old: String, _ new: String, _ sentence: String) throws {
        var text = String(decoding: Self.manifest.json, as: UTF8.self)
        let range = try #require(text.range(of: old))
        text.replaceSubrange(range, with: new)
        #expect {
            try SessionManifest(json: Array(text.utf8), path: "x/session.json")
        } throws: { error in
            "\(error)".hasPrefix("x/session.json: ") && "\(error)".contains(sentence)
        }
    }

    @Test("damage of any kind is an error or a session, never a crash")
    func mutations() throws {
        var generator = SeededGenerator(5)
        let manifest = Self.manifest.json
        var encoder = EventEncoder()
        let lines = Self.events.flatMap { encoder.line($0, sequence: 1) }
        var read = 0
        for _ in 0..<5000 {
            if let manifest = try? SessionManifest(json: mutated(manifest, using: &generator), path: "s") {
                read += 1
                for event in Self.events { _ = manifest.seconds(of: event) }
            }
            if let events = try? SessionEvents(bytes: mutated(lines, using: &generator), path: "e") {
                #expect(events.wholeBytes <= 2 * lines.count)
                read += 1
            }
        }
        #expect(read > 100)
    }
}
