// Raw PCM: every encoding, odd splits, and the end in the middle of a frame.

import AudioCore
import Foundation
import Testing

@testable import AudioInput

@Suite("Raw source")
struct RawSourceTests {
    @Test("every encoding decodes its extremes and a value between")
    func encodings() {
        let cases: [(RawEncoding, [UInt8], [Float])] = [
            (.u8, [0, 128, 192], [-1, 0, 0.5]),
            (.s16le, [0, 0x80, 0, 0, 0, 0x40], [-1, 0, 0.5]),
            (.s16be, [0x80, 0, 0, 0, 0x40, 0], [-1, 0, 0.5]),
            (.s24le, [0, 0, 0x80, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]),
            (.s24be, [0x80, 0, 0, 0, 0, 0, 0x40, 0, 0], [-1, 0, 0.5]),
            (.s24in32le, [0, 0, 0x80, 0x99, 0, 0, 0, 0x99, 0, 0, 0x40, 0x99], [-1, 0, 0.5]),
            (.s32le, [0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40], [-1, 0, 0.5]),
            (.s32be, [0x80, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0], [-1, 0, 0.5]),
            (.f32le, [0, 0, 0x80, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x3F], [-1, 0, 0.5]),
            (.f32be, [0xBF, 0x80, 0, 0, 0, 0, 0, 0, 0x3F, 0, 0, 0], [-1, 0, 0.5]),
            (
                .f64le,
                [0, 0, 0, 0, 0, 0, 0xF0, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0, 0x3F],
                [-1, 0, 0.5]
            ),
        ]
        #expect(Set(cases.map(\.0)) == Set(RawEncoding.allCases))
        for (encoding, bytes, expected) in cases {
            var result = [Float](repeating: 9, count: 3)
            bytes.withUnsafeBytes { bytes in
                result.withUnsafeMutableBufferPointer { result in
                    if let from = bytes.baseAddress, let to = result.baseAddress {
                        encoding.decode(from, count: 3, into: to)
                    }
                }
            }
            #expect(result == expected, "\(encoding)")
        }
    }

    @Test(
        "frames survive a pipe that breaks them anywhere, and a torn one at the end is dropped",
        arguments: [1, 3, 7, 1_000])
    func oddSplits(piece: Int) throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[0]) }
        let source = RawSource(
            descriptor: ends[0], encoding: .s24le, format: AudioFormat(sampleRate: 44_100, channels: 2))
        let listener = try Listener(source)
        let torn: [UInt8] = [1, 2, 3, 4]
        let bytes = (0..<1_500).reduce(into: [UInt8]()) { $0 += [0, UInt8($1 & 0xFF), UInt8($1 >> 8)] } + torn
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let slice = Array(bytes[start..<min(bytes.count, start + piece)])
            #expect(write(ends[1], slice, slice.count) == slice.count)
        }
        close(ends[1])
        #expect(listener.listen())
        #expect(listener.samples == (0..<1_500).map { Float($0) / 32_768 })
        #expect(listener.states.last == .ended)
    }

    @Test("a closed standard input and a second opening are refused")
    func refused() throws {
        let format = AudioFormat(sampleRate: 44_100, channels: 1)
        #expect(throws: AudioInputError.missing(source: "stdin", detail: "standard input is closed")) {
            try RawSource(descriptor: 9_999, encoding: .f32le, format: format).open(stop: StopFlag())
        }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        let source = RawSource(descriptor: ends[0], encoding: .f32le, format: format)
        #expect(try source.open(stop: StopFlag()) == format)
        #expect(throws: AudioInputError.self) { try source.open(stop: StopFlag()) }
    }

    @Test(
        "stdin-with-header: a file that is piped in is refused with the remedy, and samples never are",
        arguments: [
            "RIFF\u{4}\u{0}\u{0}\u{0}WAVE", "fLaC\u{0}\u{0}\u{0}\u{22}", "OggS\u{0}\u{2}\u{0}\u{0}",
            "ID3\u{4}\u{0}\u{0}\u{0}\u{0}", "\u{0}\u{0}\u{0}\u{20}ftypM4A ",
        ])
    func header(begin: String) throws {
        func hear(_ bytes: [UInt8]) throws -> Listener {
            var ends: [Int32] = [0, 0]
            try #require(pipe(&ends) == 0)
            defer { close(ends[0]) }
            let listener = try Listener(
                RawSource(descriptor: ends[0], encoding: .u8, format: AudioFormat(sampleRate: 44_100, channels: 1)))
            // One byte first: what is known must not depend on how it comes.
            for piece in [bytes.prefix(1), bytes.dropFirst()] { _ = write(ends[1], Array(piece), piece.count) }
            close(ends[1])
            #expect(listener.listen())
            return listener
        }
        let refused = try hear(Array(begin.utf8) + [UInt8](repeating: 0, count: 100))
        #expect(refused.states.last == .failed && refused.count == 0)
        let message = refused.thread.status.message
        #expect(message.contains("standard input contains a") && message.contains("ffmpeg -i FILE -f s16le"))
        #expect(try hear(Array(begin.utf8.dropFirst(4)) + [1, 2, 3, 4, 5, 6]).states.last == .ended)
        // Fewer bytes than a signature are samples.
        #expect(try hear([1, 2, 3]).count == 3)
    }
}
