// Files as the field has them, each test named after the case that was cut off in silence, or called broken though whole.

import AudioCore
import CSndFile
import Foundation
import Testing

@testable import AudioFiles
@testable import AudioInput

@Suite("Files of the field") struct FieldFileTests {
    /// The bytes of a file of samples.
    private func bytes(
        _ samples: [Float], as format: AudioFile.Format, rate: Int = 48_000, channels: Int = 1
    ) throws -> Data {
        try AudioFile(samples, as: format, rate: rate, channels: channels).bytes
    }

    /// An MP3 without the header of Xing, at a constant bitrate or not.
    private func bareMP3(_ samples: [Float], isVariable: Bool) throws -> Data {
        let path = FileManager.default.temporaryDirectory.appending(path: "bare-\(UUID().uuidString).mp3").path
        defer { unlink(path) }
        var info = SF_INFO()
        (info.samplerate, info.channels) = (48_000, 1)
        info.format = AudioFile.Format.mp3.code
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
        var mode = Int32(isVariable ? SF_BITRATE_MODE_VARIABLE : SF_BITRATE_MODE_CONSTANT)
        sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, 4)
        for start in stride(from: 0, to: samples.count, by: 4_096) {
            let piece = Array(samples[start..<min(samples.count, start + 4_096)])
            #expect(sf_write_float(file, piece, Int64(piece.count)) == Int64(piece.count))
        }
        sf_close(file)
        let all = [UInt8](try Data(contentsOf: URL(filePath: path)))
        let start = try #require(all.indices.first { MPEGFrameHeader(all[$0...]) != nil })
        let header = try #require(MPEGFrameHeader(all[start...]))
        let name = String(decoding: all[(start + header.infoOffset)...].prefix(4), as: UTF8.self)
        #expect(["Xing", "Info"].contains(name))
        return Data(all[(start + header.length)...])
    }

    @Test("mp3-vbr-no-xing: an MP3 of varying bitrate without a header is heard to its end")
    func mp3VariableNoXing() throws {
        // A quiet beginning makes the estimate of libsndfile far too short or long.
        var random = SystemRandomNumberGenerator()
        let noise = (0..<96_000).map { _ in Float.random(in: -0.5...0.5, using: &random) }
        let sound = try WholeSound(
            try bareMP3([Float](repeating: 0, count: 48_000) + noise + tone(440, seconds: 1), isVariable: true), "mp3")
        #expect(sound.code == nil && sound.failure.isEmpty)
        #expect((192_000..<196_000).contains(sound.frames) && sound.promised == sound.frames)
        #expect(abs(sound.crossings(3.1..<3.9) - 352) <= 1)
    }

    @Test("mp3-cbr-no-xing: a whole MP3 without a header is whole")
    func mp3ConstantNoXing() throws {
        let sound = try WholeSound(try bareMP3(tone(440, seconds: 3), isVariable: false), "mp3")
        #expect(sound.code == nil && (144_000..<148_000).contains(sound.frames))
    }

    /// A WAV file with an MP3 as its audio, under one of its two format tags.
    private func wave(of mp3: Data, tag: Int = 0x55) -> Data {
        func word(_ value: Int, _ count: Int = 4) -> Data { Data((0..<count).map { UInt8(value >> (8 * $0) & 0xFF) }) }
        // MPEGLAYER3WAVEFORMAT: its tag, one channel, 48 kHz, then what decoders pass over.
        let format =
            word(tag, 2) + word(1, 2) + word(48_000) + word(16_000) + word(1, 2) + word(0, 2) + word(12, 2)
            + Data(count: 12)
        return Data("RIFF".utf8) + word(4 + 8 + format.count + 8 + mp3.count) + Data("WAVEfmt ".utf8)
            + word(format.count) + format + Data("data".utf8) + word(mp3.count) + mp3
    }

    @Test(
        "an MP3 in a WAV file is heard to its end, and told when the file ends before", arguments: [true, false],
        [0x50, 0x55])
    func mp3InWave(isVariable: Bool, tag: Int) throws {
        let music = [Float](repeating: 0, count: 48_000) + tone(440, seconds: 2)
        let mp3 = try bareMP3(music, isVariable: isVariable)
        let wave = wave(of: mp3, tag: tag)
        let bare = try WholeSound(mp3, "mp3")
        let whole = try WholeSound(wave, "wav")
        #expect(whole.code == nil && whole.failure.isEmpty && whole.frames == bare.frames, "\(whole.failure)")
        #expect(abs(whole.crossings(1.5..<2.5) - 440) <= 2)
        let half = try WholeSound(wave.prefix(wave.count / 2), "wav")
        #expect(half.code == AudioFileReader.truncated, "\(half.failure)")
    }

    @Test("an MP3 in a WAV file after another WAV file is heard to its end; one whose frames are not found is told")
    func mp3InLaterWave() throws {
        let mp3 = try bareMP3([Float](repeating: 0, count: 48_000) + tone(440, seconds: 2), isVariable: true)
        let bare = try WholeSound(mp3, "mp3")
        let joined = try WholeSound(try bytes(tone(660, seconds: 1), as: .wav) + wave(of: mp3), "wav")
        #expect(joined.code == nil && joined.frames == 48_000 + bare.frames, "\(joined.failure)")
        let late = try? WholeSound(wave(of: Data(count: 100) + mp3), "wav")
        #expect(late == nil || late?.code != nil)
    }

    @Test("mp3-concatenated: each of several MP3s in one file is heard, whatever header and rate it has")
    func mp3Concatenated() throws {
        let (silence, music) = ([Float](repeating: 0, count: 96_000), tone(440, seconds: 2))
        let first = try bytes(silence, as: .mp3)
        let both = try WholeSound(first + bytes(music, as: .mp3), "mp3")
        #expect(both.code == nil && both.parts.count == 1 && (192_000..<198_000).contains(both.frames))
        #expect(abs(both.crossings(2.5..<3.5) - 440) <= 2)
        let bare = try WholeSound(first + bareMP3(music, isVariable: false), "mp3")
        #expect(bare.code == nil && bare.frames > 190_000 && abs(bare.crossings(2.5..<3.5) - 440) <= 2)
        let other = try WholeSound(first + bytes(tone(440, seconds: 2, rate: 44_100), as: .mp3, rate: 44_100), "mp3")
        #expect(other.parts.map(\.format.sampleRate) == [48_000, 44_100] && other.code == nil)
        #expect(abs(other.crossings(0.5..<1.5, part: 1) - 440) <= 2)
    }

    @Test("ogg-chained: every link of a chain is heard", arguments: [AudioFile.Format.ogg, .opus])
    func oggChained(format: AudioFile.Format) throws {
        let links = try [[Float](repeating: 0, count: 96_000), tone(440, seconds: 2), tone(660, seconds: 1)].map {
            try bytes($0, as: format)
        }
        let sound = try WholeSound(links[0] + links[1] + links[2], "ogg")
        #expect(sound.code == nil && sound.frames == 240_000 && sound.promised == 240_000)
        #expect(abs(sound.crossings(2.5..<3.5) - 440) <= 1 && abs(sound.crossings(4.1..<4.9) - 528) <= 1)
        // The same link twice has the same serial number.
        #expect(try WholeSound(links[1] + links[1], "ogg").frames == 192_000)
        // A chain that breaks off says where.
        let cut = try WholeSound(links[1] + links[1].prefix(links[1].count / 2), "ogg")
        #expect(cut.code != nil && cut.frames >= 96_000 && cut.failure.contains(" at "))
    }

    @Test("ogg-chained-rate-changes: each link has its own rate and channels, and the analysis its own time")
    func oggChainedRateChanges() throws {
        let data =
            try bytes(tone(440, seconds: 1, rate: 32_000, channels: 2), as: .ogg, rate: 32_000, channels: 2)
            + bytes(tone(440, seconds: 4, rate: 22_050), as: .ogg, rate: 22_050)
        let sound = try WholeSound(data, "ogg")
        let formats = [AudioFormat(sampleRate: 32_000, channels: 2), AudioFormat(sampleRate: 22_050, channels: 1)]
        #expect(sound.parts.map(\.format) == formats && sound.code == nil && sound.duration == 5)
        #expect(sound.parts.map(\.samples.count) == [64_000, 88_200])
        #expect(abs(sound.crossings(1..<3, part: 1) - 880) <= 1)
        let file = try AudioFile(bytes: data, named: "ogg")
        let listener = try Listener(SourceSpecification("file:\(file.path)").make())
        #expect(listener.listen())
        #expect(listener.formats == formats && listener.states == [.opening, .running, .ended])
        #expect(listener.gaps.isEmpty && listener.count == 64_000 + 88_200)
        // A channel that a part does not have ends it, in words.
        let second = try Listener(SourceSpecification("file:\(file.path)").make(), selection: .channel(1))
        #expect(second.listen())
        #expect(second.states.last == .failed && second.thread.status.message.contains("only 1 channels"))
    }

    @Test("ogg-flac: FLAC in Ogg is heard")
    func oggFLAC() throws {
        let flac = try bytes(tone(440, seconds: 2), as: .flac)
        let sound = try WholeSound(ogg(flac), "oga")
        #expect(sound.code == nil && sound.promised == 96_000)
        #expect(try sound.parts[0].samples == WholeSound(flac, "flac").parts[0].samples)
    }

    /// A FLAC file without metadata after its header, in the pages of Ogg.
    private func ogg(_ flac: Data) -> Data {
        let flac = [UInt8](flac)
        func page(_ content: ArraySlice<UInt8>, flags: UInt8, _ number: UInt8) -> [UInt8] {
            let segments = [UInt8](repeating: 255, count: content.count / 255) + [UInt8(content.count % 255)]
            return Array("OggS".utf8) + [0, flags] + [UInt8](repeating: 0, count: 8) + [1, 2, 3, 4]
                + [number, 0, 0, 0, 0, 0, 0, 0, UInt8(segments.count)] + segments + content
        }
        let mapping: [UInt8] = [0x7F] + Array("FLAC".utf8) + [1, 0, 0, 1]
        var pages = page((mapping + flac.prefix(42))[...], flags: 2, 0)
        for (index, start) in stride(from: 42, to: flac.count, by: 20_000).enumerated() {
            let end = min(flac.count, start + 20_000)
            pages += page(flac[start..<end], flags: end == flac.count ? 4 : 0, UInt8(truncatingIfNeeded: index + 1))
        }
        return Data(pages)
    }

    @Test("flac-goes-on: what follows a FLAC file in the same file is heard")
    func flacGoesOn() throws {
        let (first, second) = try (bytes(tone(440, seconds: 1), as: .flac), bytes(tone(660, seconds: 2), as: .flac))
        let joined = try WholeSound(first + second, "flac")
        #expect(joined.code == nil && joined.frames == 144_000 && joined.promised == 144_000)
        #expect(abs(joined.crossings(1.5..<2.5) - 660) <= 1)
        #expect(try WholeSound(first + first, "flac").frames == 96_000)
        // The header says a quarter of a second.
        var small = second
        small.replaceSubrange(21..<26, with: [small[21] & 0xF0, 0, 0, 0x2E, 0xE0])
        let whole = try WholeSound(small, "flac")
        #expect(whole.code == nil && whole.frames == 96_000 && whole.promised == 96_000)
        // Tags before and behind are no sound and no damage.
        let tagged = try WholeSound(
            Data([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]) + first + Data("TAG tune".utf8), "flac")
        #expect(tagged.code == nil && tagged.frames == 48_000)
    }

    @Test("flac-damaged-middle: all but the damaged frames is heard at its time, and the damage is told with its place")
    func flacDamagedMiddle() throws {
        let samples = (0..<192_000).map { _ in Float.random(in: -0.25...0.25) }
        let data = try bytes(samples, as: .flac)
        let clean = try WholeSound(data, "flac").parts[0].samples
        // As it is written into a pipe: the header states no length.
        var piped = data
        piped.replaceSubrange(21..<26, with: [data[21] & 0xF0, 0, 0, 0, 0])
        for (damage, data, isOgg) in [300, 1, 2_500, 20_000].flatMap({
            [($0, data, false), ($0, piped, false), ($0, piped, true)]
        }) {
            var spoilt = data
            let place = data.count / 2
            for index in place..<place + damage { spoilt[index] ^= 0x5A }
            let sound = try WholeSound(isOgg ? ogg(spoilt) : spoilt, isOgg ? "oga" : "flac")
            #expect(sound.frames == 192_000 && sound.code == AudioFileReader.damaged, "\(damage): \(sound.failure)")
            #expect(sound.failure.hasPrefix("it is damaged from ") && sound.failure.contains("silence"))
            let heard = sound.parts[0].samples
            #expect(Array(heard.prefix(80_000)) == Array(clean.prefix(80_000)))
            #expect(Array(heard.suffix(80_000)) == Array(clean.suffix(80_000)))
        }
        let file = try AudioFile(
            bytes: {
                var spoilt = data; spoilt[data.count / 2] ^= 1; return spoilt
            }(), named: "flac")
        let listener = try Listener(SourceSpecification("file:\(file.path)").make())
        #expect(listener.listen())
        #expect(listener.count == 192_000 && listener.states.last == .failed)
        let message = listener.thread.status.message
        #expect(message.hasPrefix("\(file.path): it is damaged from "), "\(message)")
    }

    @Test("wav-header-unfinished: samples behind a header without a length are heard")
    func wavHeaderUnfinished() throws {
        for (riff, data) in [(36, 0), (0, 0), (0xFFFF_FFFF, 0xFFFF_FFFF), (0x7FFF_F024, 0x7FFF_F000)] {
            let sound = try WholeSound(wave(riff: riff, data: data), "wav")
            #expect(sound.frames == 22_050 && sound.code == nil && sound.promised == 22_050, "\(riff) \(data)")
        }
        // Nothing but a header, and a chunk behind a sound of no length, are a whole file without sound.
        #expect(try WholeSound(wave(riff: 36, data: 0).prefix(44), "wav").frames == 0)
        let note = Data("LIST".utf8) + Data([4, 0, 0, 0, 1, 2, 3, 4])
        #expect(try WholeSound(wave(riff: 48, data: 0).prefix(44) + note, "wav").frames == 0)
    }

    @Test("wav-riff-size-is-file-size: the chunk of the sound decides, not the length of the whole")
    func wavRIFFSize() throws {
        for riff in [44_144, 0x1200_0000 + 44_136, 8] {
            let sound = try WholeSound(wave(riff: riff, data: 44_100), "wav")
            #expect(sound.frames == 22_050 && sound.code == nil)
        }
        let cut = try WholeSound(wave(riff: 44_136, data: 44_100).prefix(22_094), "wav")
        #expect(cut.frames == 11_025 && cut.code == AudioFileReader.truncated)
        #expect(cut.failure == "it ends at 0.5 s, before the length in its header")
    }

    @Test("rf64-cut-short: an RF64 file that breaks off says so; a whole one is whole")
    func rf64CutShort() throws {
        func long(_ sound: Int) throws -> Data {
            let plain = try wave(riff: 44_136, data: 44_100)
            func bytes(_ value: Int, _ width: Int) -> Data {
                Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
            }
            return Data("RF64".utf8) + bytes(-1, 4) + Data("WAVEds64".utf8) + bytes(28, 4) + bytes(sound + 72, 8)
                + bytes(sound, 8) + bytes(sound / 2, 8) + bytes(0, 4) + plain[12..<40] + bytes(-1, 4) + plain[44...]
        }
        let whole = try WholeSound(long(44_100), "wav")
        #expect(whole.frames == 22_050 && whole.code == nil)
        let cut = try WholeSound(long(3 * 44_100), "wav")
        #expect(cut.frames == 22_050 && cut.code == AudioFileReader.truncated)
        let unfinished = try WholeSound(long(0), "wav")
        #expect(unfinished.frames == 22_050 && unfinished.code == nil)
    }

    @Test("wav-over-4gib: lengths that did not fit into 32 bits are taken from the file")
    func wavOver4GiB() throws {
        let file = try AudioFile(bytes: wave(riff: 44_136, data: 44_100), named: "wav")
        // The file has holes: it takes no room on the disk.
        try #require(truncate(file.path, off_t(44 + 44_100 + 1 << 32)) == 0)
        let reader = try AudioFileReader(path: file.path)
        #expect(reader.frames == (44_100 + 1 << 32) / 2)
        var block = [Float](repeating: 0, count: 22_050)
        var heard = 0
        while heard < 22_050, case .frames(let count) = reader.read(&block, capacity: 22_050 - heard) { heard += count }
        #expect(heard == 22_050)
    }

    @Test("Two WAV files in one are both heard, each with its own rate")
    func wavJoined() throws {
        let sound = try WholeSound(
            bytes(tone(440, seconds: 1), as: .wav) + bytes(tone(440, seconds: 1, rate: 44_100), as: .wav, rate: 44_100),
            "wav")
        #expect(sound.parts.map(\.format.sampleRate) == [48_000, 44_100] && sound.code == nil)
        #expect(sound.parts.map(\.samples.count) == [48_000, 44_100] && sound.duration == 2)
    }

    @Test(
        "AIFF, CAF, Wave64 and AU that break off say so",
        arguments: [SF_FORMAT_AIFF, SF_FORMAT_CAF, SF_FORMAT_W64, SF_FORMAT_AU])
    func otherContainers(container: Int) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "cut-\(UUID().uuidString)").path
        defer { unlink(path) }
        var info = SF_INFO()
        (info.samplerate, info.channels, info.format) = (48_000, 1, Int32(container | SF_FORMAT_PCM_16))
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
        #expect(sf_write_float(file, tone(440, seconds: 1), 48_000) == 48_000)
        sf_close(file)
        let whole = try WholeSound(path)
        #expect(whole.frames == 48_000 && whole.code == nil)
        #expect(truncate(path, 60_000) == 0)
        let cut = try WholeSound(path)
        #expect((27_000..<30_000).contains(cut.frames) && cut.code == AudioFileReader.truncated)
    }

    @Test("AAC in m4a is heard, by ffmpeg's libraries; what nobody knows is refused with the words of both")
    func m4a() throws {
        if let problem = LibavDecoder.problem { Issue.record("ffmpeg's libraries are not there: \(problem)") }
        let path = try #require(Bundle.module.path(forResource: "tone", ofType: "m4a", inDirectory: "Fixtures"))
        let sound = try WholeSound(path)
        #expect(sound.parts[0].format == AudioFormat(sampleRate: 16_000, channels: 1))
        #expect(sound.code == nil && (8_000...9_100).contains(sound.frames))
        #expect(abs(sound.crossings(0.1..<0.4) - 132) <= 1)
        let bytes = try Data(contentsOf: URL(filePath: path))
        #expect {
            _ = try WholeSound(bytes.prefix(bytes.count / 2), "m4a")
        } throws: { error in
            let text = "\(error)"
            return text.contains("(libsndfile)") && text.contains("(ffmpeg)")
        }
    }

    /// One second of a tone at 22.05 kHz in 16 bits, with these lengths in its header.
    private func wave(riff: Int, data: Int) throws -> Data {
        func bytes(_ value: Int, _ width: Int) -> Data {
            Data((0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) })
        }
        var wave = Data("RIFF".utf8) + bytes(riff, 4) + Data("WAVEfmt ".utf8) + bytes(16, 4) + bytes(1, 2) + bytes(1, 2)
        wave += bytes(22_050, 4) + bytes(44_100, 4) + bytes(2, 2) + bytes(16, 2) + Data("data".utf8) + bytes(data, 4)
        for sample in tone(440, seconds: 1, rate: 22_050) { wave += bytes(Int(sample * 32_767), 2) }
        return wave
    }
}
