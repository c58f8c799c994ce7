// Files that are damaged, cut off or joined: what is heard is all there is, or the reader says what is not, and where.

import CSndFile
import Foundation
import TestSupport
import Testing

@testable import AudioFiles

@Suite("Damaged and joined files") struct DamagedFileTests {
    /// Silence, then a tone: the beginning of the tone tells whether times are right.
    private static let samples = [Float](repeating: 0, count: 5 * 48_000) + tone(440, seconds: 5)
    private static let noise = (0..<8 * 48_000).map { _ in Float.random(in: -0.25...0.25) }

    private func bytes(_ samples: [Float], _ format: AudioFile.Format) throws -> Data {
        try AudioFile(samples, as: format, channels: 1).bytes
    }

    /// The bytes of a file with 16-bit samples in another container.
    private func bytes(_ samples: [Float], in container: Int) throws -> Data {
        let path = FileManager.default.temporaryDirectory.appending(path: "joined-\(UUID().uuidString)").path
        defer { unlink(path) }
        var info = SF_INFO()
        (info.samplerate, info.channels, info.format) = (48_000, 1, Int32(container | SF_FORMAT_PCM_16))
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
        #expect(sf_write_float(file, samples, Int64(samples.count)) == samples.count)
        sf_close(file)
        return try Data(contentsOf: URL(filePath: path))
    }

    /// Positions of the pages of an Ogg file.
    private func pages(_ file: Data) -> [Int] {
        var found: [Int] = []
        var start = 0
        while let range = file.range(of: Data("OggS\0".utf8), in: start..<file.count) {
            found.append(range.lowerBound)
            start = range.upperBound
        }
        return found
    }

    /// The first number after `word` in a message.
    private func number(after word: String, in text: String) -> Double? {
        text.range(of: word).flatMap { Double(text[$0.upperBound...].prefix { $0.isNumber || $0 == "." }) }
    }

    @Test("an Ogg file that is cut off between two pages says so", arguments: [AudioFile.Format.ogg, .opus])
    func oggCutAtPage(format: AudioFile.Format) throws {
        let whole = try bytes(Self.noise, format)
        #expect(try WholeSound(whole, "ogg").code == nil)
        let pages = pages(whole)
        try #require(pages.count > 5)
        for cut in [pages[pages.count - 1], pages[pages.count / 2], pages[pages.count / 2] + 100] {
            let sound = try WholeSound(whole.prefix(cut), "ogg")
            #expect(sound.code == AudioFileReader.truncated && sound.failure.hasPrefix("it ends at "))
            // A page that is not whole states more than there is.
            let words = pages.contains(cut) ? "cut off" : "the length in its header"
            #expect(sound.failure.contains(words), "\(sound.failure)")
            let place = try #require(number(after: "ends at ", in: sound.failure))
            #expect(abs(place - Double(sound.frames) / 48_000) < 0.01)
        }
    }

    @Test("a lost page and a damaged one are told with their place", arguments: [AudioFile.Format.ogg, .opus])
    func oggHole(format: AudioFile.Format) throws {
        let whole = try bytes(Self.noise, format)
        let pages = pages(whole)
        let (start, end) = (pages[pages.count / 2], pages[pages.count / 2 + 1])
        var spoilt = whole
        spoilt[(start + end) / 2] ^= 1
        for file in [whole.prefix(start) + whole[end...], spoilt] {
            let sound = try WholeSound(file, "ogg")
            #expect(sound.code == AudioFileReader.damaged, "\(sound.failure)")
            let place = try #require(number(after: "damaged near ", in: sound.failure), "\(sound.failure)")
            let share = Double(pages.count / 2) / Double(pages.count)
            #expect(abs(place - 8 * share) < 1.5, "\(sound.failure)")
            #expect(sound.frames > 4 * 48_000 && !sound.failure.contains("it ends"), "\(sound.failure)")
            #expect(number(after: "up to ", in: sound.failure) ?? 9 < 2, "\(sound.failure)")
        }
    }

    @Test("WAV and AU whose length was last written in the middle are heard to their end")
    func lengthTooSmall() throws {
        let wave = try bytes(Self.samples, in: Int(SF_FORMAT_WAV))
        let size = 2 * Self.samples.count
        for length in [size / 2, size / 2 + 1, 2] {
            var short = wave
            withUnsafeBytes(of: UInt32(length).littleEndian) { short.replaceSubrange(40..<44, with: $0) }
            let sound = try WholeSound(short, "wav")
            #expect(
                sound.frames == Self.samples.count && sound.code == nil, "\(length): \(sound.frames) \(sound.failure)")
            // The search for a following recording goes on behind the unfinished one.
            #expect(try WholeSound(short + wave, "wav").frames == 2 * Self.samples.count)
        }
        var sun = try bytes(Self.samples, in: Int(SF_FORMAT_AU))
        sun.replaceSubrange(8..<12, with: [0, 0, 8, 0])
        let sound = try WholeSound(sun, "au")
        #expect(sound.frames == Self.samples.count && sound.code == nil)
    }

    @Test("a FLAC file of unknown length that breaks off in a block says so")
    func flacOfUnknownLength() throws {
        var file = try bytes(Self.noise, .flac)
        file[21] &= 0xF0
        for index in 22..<26 { file[index] = 0 }
        #expect(try WholeSound(file, "flac").code == nil)
        let sound = try WholeSound(file.prefix(file.count / 2 + 100), "flac")
        let seconds = Double(sound.frames) / 48_000
        #expect(abs(seconds - 4) < 0.5 && sound.code == AudioFileReader.truncated)
        let place = try #require(number(after: "it ends at ", in: sound.failure), "\(sound.failure)")
        #expect(abs(place - seconds) < 0.01 && sound.failure.contains("inside a block"), "\(sound.failure)")
    }

    @Test("chunks and tags behind the sound of a WAV are no sound, and a WAV behind them is heard")
    func trailingChunks() throws {
        let count = 48_000
        let wave = try bytes(tone(440, seconds: 1), in: Int(SF_FORMAT_WAV))
        let list = Data("LIST".utf8) + Data([5, 0, 0, 0, 65, 66, 67, 68, 69])
        let odd = Data("id3 ".utf8) + Data([3, 0, 0, 0, 1, 2, 3, 0])
        let tag = Data("TAG".utf8) + Data(repeating: 32, count: 125)
        let id3 = Data("ID3".utf8) + Data([4, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4])
        for tail in [list, list + Data([0]), list + odd, odd + list, tag, id3, id3 + tag, Data([0]), list.prefix(10)] {
            let sound = try WholeSound(wave + tail, "wav")
            #expect(sound.frames == count && sound.code == nil, "\([UInt8](tail)): \(sound.failure)")
            guard tail != list.prefix(10) else { continue }
            let both = try WholeSound(wave + tail + wave, "wav")
            #expect(both.frames == 2 * count && both.code == nil, "\([UInt8](tail)): \(both.frames) \(both.failure)")
        }
    }

    @Test("an MP3 that is damaged in its middle is heard on at its time", arguments: [400, 3_000, 20_000])
    func mp3Damage(length: Int) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "damaged-\(UUID().uuidString).mp3").path
        defer { unlink(path) }
        try MP3File.write(Self.samples, rate: 48_000, kilobits: 128, to: path)
        let whole = try Data(contentsOf: URL(filePath: path))
        let frames = try WholeSound(whole, "mp3").frames
        for (zero, share) in [(false, 0.7), (true, 0.7), (false, 0.25), (true, 0.25)] {
            var spoilt = whole
            let start = Int(share * Double(whole.count))
            for index in start..<start + length { spoilt[index] = zero ? 0 : spoilt[index] ^ 0x5A }
            let sound = try WholeSound(spoilt, "mp3")
            #expect(sound.code == AudioFileReader.damaged, "\(sound.failure)")
            #expect(abs(sound.frames - frames) <= 2 * 1_152, "\(sound.frames) of \(frames): \(sound.failure)")
            let place = try #require(number(after: "it is damaged from ", in: sound.failure), "\(sound.failure)")
            let end = try #require(number(after: " to ", in: sound.failure), "\(sound.failure)")
            #expect(abs(place - 10 * share) < 1.5 && place < end, "\(sound.failure)")
            let first = try #require(sound.parts[0].samples.firstIndex { abs($0) > 0.1 })
            #expect(share > 0.5 || abs(Double(first) / 48_000 - 5) < 0.08, "\(Double(first) / 48_000)")
            #expect(sound.parts[0].samples.allSatisfy { abs($0) < 0.5 })
            #expect(abs(sound.crossings(9..<9.9) - 396) <= 2)
        }
    }

    @Test("joined files of all kinds are heard one after another")
    func joined() throws {
        let (samples, count) = (tone(440, seconds: 1), 48_000)
        let plain = try [SF_FORMAT_AIFF, SF_FORMAT_CAF, SF_FORMAT_W64, SF_FORMAT_AU, SF_FORMAT_WAV].map {
            try bytes(samples, in: Int($0))
        }
        let packed = try [AudioFile.Format.flac, .ogg, .mp3].map { try bytes(samples, $0) }
        for first in plain + packed {
            for second in plain + packed {
                let sound = try WholeSound(first + second, "bin")
                let name = "\(first.prefix(4) as NSData) \(second.prefix(4) as NSData)"
                #expect(sound.code == nil, "\(name): \(sound.failure)")
                #expect((2 * count..<2 * count + 9_000).contains(sound.frames), "\(name): \(sound.frames)")
            }
        }
    }

    @Test(
        "what ffmpeg's libraries decode is heard when it is joined as well",
        arguments: ["alac.caf", "tone.avi", "tone.flv", "tone.m4a", "tone.mka", "tone.tta", "tone.wma", "tone.wv"])
    func joinedFilms(name: String) throws {
        func seconds(_ sound: WholeSound) -> Double {
            sound.parts.reduce(0) {
                $0 + Double($1.samples.count / $1.format.channels) / Double($1.format.sampleRate)
            }
        }
        let path = try #require(Bundle.module.path(forResource: name, ofType: nil, inDirectory: "Fixtures"))
        let film = try Data(contentsOf: URL(filePath: path))
        let alone = seconds(try WholeSound(film, "bin"))
        #expect((0.45..<0.6).contains(alone))
        let samples = tone(440, seconds: 1)
        for other in try [film, bytes(samples, .mp3), bytes(samples, .flac), bytes(samples, in: Int(SF_FORMAT_CAF))] {
            let length = other == film ? alone : 1
            for joined in [film + other, other + film] {
                let sound = try WholeSound(joined, "bin")
                #expect(sound.code == nil, "\(other.prefix(4) as NSData): \(sound.failure)")
                #expect(abs(seconds(sound) - alone - length) < 0.1, "\(other.prefix(4) as NSData): \(seconds(sound))")
            }
        }
        let cut = try WholeSound(film + film.prefix(40), "bin")
        // Some are known to be a recording by less, and are cut short then.
        let isTold = cut.failure.contains(", byte \(film.count), cannot be read: ")
        #expect(abs(seconds(cut) - alone) < 0.1 && (isTold || cut.failure.contains("it ends at ")), "\(cut.failure)")
    }

    @Test("what follows a recording and cannot be read is told with its byte")
    func unread() throws {
        let path = try #require(Bundle.module.path(forResource: "tone", ofType: "m4a", inDirectory: "Fixtures"))
        let film = try Data(contentsOf: URL(filePath: path))
        let rubbish = Data((0..<40_000).map { _ in UInt8.random(in: 128..<240) })
        let samples = tone(440, seconds: 1)
        let files = try [
            film, bytes(samples, in: Int(SF_FORMAT_AIFF)), bytes(samples, in: Int(SF_FORMAT_CAF)),
            bytes(samples, .flac), bytes(samples, .ogg), bytes(samples, .mp3),
        ]
        for file in files {
            let sound = try WholeSound(file + rubbish, "bin")
            #expect(sound.code == AudioFileReader.damaged, "\(file.prefix(12) as NSData)")
            // The end of the last FLAC frame is known by its checksum alone.
            let byte = try #require(number(after: "from byte ", in: sound.failure), "\(sound.failure)")
            #expect(
                abs(Int(byte) - file.count) <= (file.starts(with: Data("fLaC".utf8)) ? 8_192 : 0), "\(sound.failure)")
            #expect(sound.failure.contains("to byte \(file.count + 40_000)"), "\(sound.failure)")
            #expect(sound.failure.contains("split"))
            // Padding is no data, where a header states the length.
            let length = try WholeSound(file, "bin").frames
            for count in [1_000, 40_000, 1_000_000] {
                let padded = try WholeSound(file + Data(count: count), "bin")
                #expect(padded.code == nil && padded.frames == length, "\(padded.failure)")
            }
        }
        // Without the frame of the Xing header.
        let mp3 = try [UInt8](bytes(samples, .mp3))
        let frames = try Data(mp3.dropFirst(#require(MPEGFrameHeader(mp3[..<4])).length))
        for (count, isTold) in [(1_000, false), (40_000, true), (1_000_000, true)] {
            let padded = try WholeSound(frames + Data(count: count), "bin")
            #expect(padded.failure.contains("from byte \(frames.count) ") == isTold, "\(padded.failure)")
        }
    }

    @Test("a joined film is told but where it is in fragments, for those are read on beyond the join")
    func fragments() throws {
        func box(_ kind: String, _ bytes: Int) -> Data {
            withUnsafeBytes(of: UInt32(bytes).bigEndian) { Data($0) } + Data(kind.utf8) + Data(count: bytes - 8)
        }
        let type = box("ftyp", 8) + Data("M4A \0\0\0\0".utf8)
        let start = withUnsafeBytes(of: UInt32(type.count).bigEndian) { Data($0) } + type.dropFirst(4)
        for (kind, isTold) in [("moov", true), ("moof", false)] {
            let film = start + box(kind, 100) + box("mdat", 1_000)
            let path = FileManager.default.temporaryDirectory.appending(path: "film-\(UUID().uuidString)").path
            try (film + film).write(to: URL(filePath: path))
            defer { try? FileManager.default.removeItem(atPath: path) }
            let pieces = AudioPiece.pieces(of: try OpenFile(path: path))
            #expect(pieces.map(\.source.size) == (isTold ? [film.count, film.count] : [2 * film.count]), "\(kind)")
        }
    }

    @Test("an MP3 of varying bitrate is heard on near its time")
    func mp3VariableDamage() throws {
        let whole = try bytes(Self.noise, .mp3)
        let frames = try WholeSound(whole, "mp3").frames
        var spoilt = whole
        spoilt.replaceSubrange(whole.count / 2..<whole.count / 2 + 3_000, with: Data(count: 3_000))
        let sound = try WholeSound(spoilt, "mp3")
        #expect(sound.code == AudioFileReader.damaged && sound.failure.hasPrefix("it is damaged from "))
        #expect(abs(sound.frames - frames) <= 6 * 1_152, "\(sound.failure)")
    }

    @Test("frames that overlap in damaged bytes are no fault", arguments: ["mp3-overlap-1", "mp3-overlap-2"])
    func overlaps(name: String) throws {
        let path = try #require(Bundle.module.path(forResource: name, ofType: "bin", inDirectory: "Fixtures"))
        let input = try OpenFile(path: path)
        let pieces = AudioPiece.pieces(of: input)
        #expect(pieces.contains { !$0.holes.isEmpty })
        #expect(pieces.allSatisfy { $0.source.bytes(0..<$0.source.size).count == $0.source.size })
        _ = try? WholeSound(Data(contentsOf: URL(filePath: path)), "mp3")
    }

    // Work that grows with the square of the length would take hours.
    @Test("bytes of any kind are read to an end, and a failure has words", .timeLimit(.minutes(20)))
    func mutations() throws {
        var random = SeededGenerator(7)
        let (short, other) = (tone(440, seconds: 0.2), tone(660, seconds: 0.3))
        var files = try [AudioFile.Format.flac, .ogg, .mp3, .opus].map { try [UInt8](bytes(short, $0)) }
        files += try [SF_FORMAT_AIFF, SF_FORMAT_CAF, SF_FORMAT_W64, SF_FORMAT_AU, SF_FORMAT_WAV].map {
            try [UInt8](bytes(other, in: Int($0)))
        }
        for round in 0..<270 {
            let file = mutated(files[round % files.count], using: &random) + files[(round / 3) % files.count]
            let input = try AudioFile(bytes: Data(mutated(file, using: &random)), named: "bin")
            let source = try OpenFile(path: input.path)
            let pieces = AudioPiece.pieces(of: source)
            // No byte is heard twice; what replaces damage is no longer than it.
            #expect(pieces.reduce(0) { $0 + $1.source.size } <= 2 * source.size + 2_048 * pieces.count)
            #expect(pieces.allSatisfy { $0.source.bytes(0..<$0.source.size).count == $0.source.size })
            guard let sound = try? WholeSound(input.path) else { continue }
            #expect(sound.code == nil || !sound.failure.isEmpty)
        }
        let marks: [[UInt8]] = [
            Array("OggS\0".utf8), [0xFF, 0xFB, 0x90, 0], [0xFF, 0xF8], Array("TAG".utf8),
            Array("RIFFabcdWAVEdata\0\0\0\0".utf8),
            Array("ID3\u{3}\0\0\0\0\0\0".utf8), Array("fLaC\0\0\0\u{22}".utf8), [0],
            Array("FORMabcdAIFFSSND\0\0\0\0".utf8),
        ]
        for first in [files[0], files[1], files[2], files[8]] {
            for mark in marks {
                let rubbish = Array(repeatElement(mark, count: 500_000 / mark.count).joined())
                _ = try? WholeSound(Data(first + rubbish), "bin")
            }
        }
    }
}
