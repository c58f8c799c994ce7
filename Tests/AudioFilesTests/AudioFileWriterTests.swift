// FLAC files that are written, killed, cut and mended.

import AudioCore
import Foundation
import TestSupport
import Testing

@testable import AudioFiles

@Suite("Audio file writer")
struct AudioFileWriterTests {
    static func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).flac").path
    }

    /// All samples of a file.
    static func read(_ path: String) throws -> [Float] {
        let reader = try AudioFileReader(path: path)
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 1000 * reader.format.channels)
        while true {
            switch reader.read(&block, capacity: 1000) {
            case .frames(let count): samples += block[..<(count * reader.format.channels)]
            case .end, .reformatted: return samples
            case .failed(let code):
                Issue.record("\(AudioFileReader.explain(code))")
                return samples
            }
        }
    }

    /// Samples as a converter of so many bits gives them.
    static func samples(_ count: Int, bits: Int, seed: UInt64 = 1) -> [Float] {
        var generator = SeededGenerator(seed)
        let scale = Float(1 << (bits - 1))
        return (0..<count).map { _ in (Float.random(in: -1..<1, using: &generator) * scale).rounded(.down) / scale }
    }

    static func write(_ samples: [Float], _ format: AudioFormat, to path: String) throws -> AudioFileWriter {
        let writer = try AudioFileWriter(path: path, format: format)
        var place = 0
        while place < samples.count {
            let count = min(700 * format.channels, samples.count - place)
            try samples[place..<place + count].withUnsafeBufferPointer { try writer.write($0) }
            place += count
        }
        return writer
    }

    @Test(
        "what a device gives in up to 24 bits comes back bit by bit, at its own rate and channels",
        arguments: [(16, 1, 8_000), (24, 2, 44_100), (24, 8, 192_000), (8, 3, 4_000)])
    func exact(bits: Int, channels: Int, rate: Int) throws {
        let path = Self.path()
        defer { unlink(path) }
        let format = AudioFormat(sampleRate: rate, channels: channels)
        let samples = Self.samples(20_011 * channels, bits: bits)
        let writer = try Self.write(samples, format, to: path)
        #expect(writer.frames == 20_011)
        #expect(try writer.finish() == 20_011)
        #expect(writer.clipped == 0)
        let reader = try AudioFileReader(path: path)
        #expect(reader.format == format && reader.frames == 20_011)
        #expect(try Self.read(path) == samples)
    }

    @Test("beyond full scale is clipped and counted, never wrapped, and what is no number is silence")
    func clipping() throws {
        let path = Self.path()
        defer { unlink(path) }
        let writer = try Self.write(
            [1, -1, 1.5, -7, .nan, .infinity, -.infinity, 0.5], AudioFormat(sampleRate: 44_100, channels: 1), to: path)
        #expect(try writer.finish() == 8)
        #expect(writer.clipped == 6)
        let top = Float(8_388_607) / 8_388_608
        #expect(try Self.read(path) == [top, -1, top, -1, 0, top, -1, 0.5])
    }

    @Test("a file that is there, a format that FLAC cannot hold and a folder that is not there are refused by name")
    func refused() throws {
        let path = Self.path()
        defer { unlink(path) }
        _ = try Self.write([0], AudioFormat(sampleRate: 44_100, channels: 1), to: path).finish()
        for (path, format) in [
            (path, AudioFormat(sampleRate: 44_100, channels: 1)),
            ("/nonesuch/a.flac", .init(sampleRate: 8_000, channels: 1)),
            ("/tmp/never-\(getpid()).flac", .init(sampleRate: 44_100, channels: 9)),
        ] {
            #expect {
                try AudioFileWriter(path: path, format: format)
            } throws: { "\($0)".hasPrefix("\(path) cannot be written: ") }
        }
    }

    @Test("a file left open is readable as it is but for less than 4096 frames, and mending gives it its length")
    func abandoned() throws {
        let path = Self.path()
        let copy = Self.path()
        defer {
            unlink(path)
            unlink(copy)
        }
        let samples = Self.samples(2 * 100_000, bits: 16)
        let writer = try Self.write(samples, AudioFormat(sampleRate: 44_100, channels: 2), to: path)
        // What the kernel has now is what a kill would leave.
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let read = try Self.read(copy)
        #expect(read.count > samples.count - 2 * 4_097)
        #expect(read[...] == samples[..<read.count])
        #expect(FLACTail.frames(path: copy) == Int64(read.count / 2))
        #expect(try FLACTail.mend(path: copy) == Int64(read.count / 2))
        #expect(try AudioFileReader(path: copy).frames == read.count / 2)
        #expect(try Self.read(copy) == read)
        #expect(try writer.finish() == 100_000)
    }

    @Test("cut off anywhere, a file keeps every whole frame before the cut", arguments: [1, 2, 6])
    func cut(channels: Int) throws {
        let path = Self.path()
        defer { unlink(path) }
        // Noise, then silence, whose frames are tiny, then a tone.
        var samples = Self.samples(channels * 30_000, bits: 24)
        samples += [Float](repeating: 0, count: channels * 60_000)
        samples += (0..<channels * 30_000).map { sin(Float($0 / channels) * 0.05) * 0.5 }
        let exact = samples.map { ($0 * 8_388_608).rounded() / 8_388_608 }
        _ = try Self.write(samples, AudioFormat(sampleRate: 48_000, channels: channels), to: path).finish()
        let whole = try Data(contentsOf: URL(filePath: path))
        var generator = SeededGenerator(9)
        for _ in 0..<40 {
            var part = whole.prefix(Int.random(in: 8_300..<whole.count, using: &generator))
            // As the header of a file whose writer died: no length, no checksum.
            part[21] &= 0xF0
            for index in 22..<42 { part[index] = 0 }
            try part.write(to: URL(filePath: path))
            let frames = try FLACTail.mend(path: path)
            #expect(frames % 4_096 == 0)
            let read = try Self.read(path)
            #expect(read.count == channels * Int(frames) && read[...] == exact[..<read.count])
            let size = try Data(contentsOf: URL(filePath: path)).count
            #expect(size > part.count - channels * 4_096 * 4 - 1024)
            #expect(try FLACTail.mend(path: path) == frames)
        }
    }

    @Test("damage of any kind is mended, or refused by name, never a crash")
    func mutations() throws {
        let path = Self.path()
        defer { unlink(path) }
        _ = try Self.write(
            Self.samples(20_000, bits: 8), AudioFormat(sampleRate: 8_000, channels: 1), to: path
        ).finish()
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var generator = SeededGenerator(3)
        var mended = 0
        for _ in 0..<150 {
            try Data(mutated(whole, using: &generator)).write(to: URL(filePath: path))
            do {
                let frames = try FLACTail.mend(path: path)
                #expect(frames <= 1 << 36)
                mended += 1
            } catch {
                #expect("\(error)".hasPrefix(path))
            }
        }
        #expect(mended > 50)
    }

    @Test("a full disk is an error with the system's reason")
    func fullDisk() throws {
        let samples = Self.samples(44_100, bits: 24)
        #expect {
            let writer = try AudioFileWriter(
                descriptor: open("/dev/full", O_RDWR), path: "x.flac",
                format: AudioFormat(sampleRate: 44_100, channels: 1))
            try samples.withUnsafeBufferPointer { try writer.write($0) }
        } throws: { "\($0)".hasPrefix("x.flac cannot be written: ") && "\($0)".contains("No space left on device") }
    }
}
