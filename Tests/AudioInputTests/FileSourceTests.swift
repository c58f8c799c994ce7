// Files of every format, whole, cut short and spoilt, through the whole capture path.

import AudioCore
import Foundation
import System
import TestSupport
import Testing

@testable import AudioInput

@Suite("File source")
struct FileSourceTests {
    /// Two seconds of stereo: 440 Hz on the left, 660 Hz on the right.
    private static let music: [Float] = (0..<192_000).map { index in
        let turns = Double(index / 2) * (index % 2 == 0 ? 440 : 660) / 48_000
        return Float(0.25 * sin(2 * .pi * turns))
    }

    private func hear(_ path: String) throws -> Listener {
        let listener = try Listener(SourceSpecification("file:\(path)").make())
        #expect(listener.listen())
        return listener
    }

    private func crossings(_ samples: [Float], channel: Int) -> Int {
        let one = stride(from: channel, to: samples.count - 1, by: 2).map { samples[$0] }
        return zip(one, one.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
    }

    @Test("every format is heard whole, with its rate and channels", arguments: AudioFile.Format.allCases)
    func formats(format: AudioFile.Format) throws {
        let file = try AudioFile(Self.music, as: format)
        let heard = try hear(file.path)
        #expect(heard.states == [.opening, .running, .ended])
        #expect(heard.formats == [AudioFormat(sampleRate: 48_000, channels: 2)])
        // MP3 comes in whole frames of 1152 and begins with the delay of its encoder.
        let frames = heard.samples.count / 2
        #expect(format == .mp3 ? (96_000...100_000).contains(frames) : frames == 96_000)
        #expect(abs(crossings(heard.samples, channel: 0) - 880) <= 6)
        #expect(abs(crossings(heard.samples, channel: 1) - 1_320) <= 6)
        if format == .wav { #expect(heard.samples == Self.music) }
    }

    @Test("a file at full speed loses nothing, though the queue is tiny")
    func fullSpeed() throws {
        let file = try AudioFile(Self.music, as: .wav)
        let listener = try Listener(SourceSpecification(file.path).make(), samples: 256)
        #expect(listener.listen())
        #expect(listener.samples == Self.music)
        #expect(listener.gaps.isEmpty)
    }

    @Test("a file in real time takes as long as it lasts")
    func realtime() throws {
        let file = try AudioFile(Array(Self.music.prefix(9_600)), as: .wav)
        let began = SystemClock.monotonic
        let source = try SourceSpecification(file.path).make(SourceOptions(realtime: true))
        let listener = try Listener(source)
        #expect(listener.listen())
        #expect(SystemClock.monotonic - began >= 100_000_000)
        #expect(listener.count == 9_600)
    }

    @Test(
        "a file cut short is heard to where it breaks off, and the loss is reported",
        arguments: [
            AudioFile.Format.wav, .flac, .ogg, .opus,
        ])
    func truncated(format: AudioFile.Format) throws {
        // Long enough for several pages of Ogg.
        let whole = try AudioFile((0..<10).flatMap { _ in Self.music }, as: format)
        let bytes = try whole.bytes
        let cut = try AudioFile(bytes: bytes.prefix(bytes.count / 2), named: "cut.\(format)")
        let heard = try hear(cut.path)
        #expect(heard.count > 400_000 && heard.count < 1_920_000)
        #expect(heard.states == [.opening, .running, .failed])
        #expect(
            try SourceSpecification(cut.path).explain(heard.thread.status.code).contains("the length in its header"))
        let message = heard.thread.status.message
        #expect(
            message.hasPrefix("\(cut.path): it ends at ") && message.contains("the length in its header"), "\(message)")
    }

    @Test("what is not an audio file is refused with its name and the reason")
    func refused() throws {
        let empty = try AudioFile(bytes: Data(), named: "wav")
        let text = try AudioFile(bytes: Data("I am not a sound at all, just words. ".utf8), named: "wav")
        let cases = [
            ("/nonexistent/song.flac", "is not available: No such file or directory"),
            (FileManager.default.temporaryDirectory.path, "it is a folder"),
            ("/dev/null", "it is not a regular file"),
            (empty.path, "it is empty"),
            (text.path, "cannot be used"),
        ]
        for (path, reason) in cases {
            let heard = try hear(path)
            #expect(heard.states == [.failed])
            let message = heard.thread.status.message
            #expect(message.contains(path) && message.contains(reason), "\(message)")
        }
    }

    @Test("promise 7: spoilt files are read or refused, never a crash")
    func mutations() throws {
        var random = SeededGenerator(7)
        for format in AudioFile.Format.allCases {
            let bytes = try AudioFile(Array(Self.music.prefix(8_000)), as: format).bytes
            for _ in 0..<60 {
                var spoilt = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    // Most of what can go wrong is in the header.
                    let place = Int.random(in: 0..<min(spoilt.count, 400), using: &random)
                    spoilt[place] = UInt8.random(in: .min ... .max, using: &random)
                }
                let file = try AudioFile(bytes: spoilt, named: "spoilt.\(format)")
                let heard = try hear(file.path)
                #expect(heard.isOver)
            }
        }
    }
}
