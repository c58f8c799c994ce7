// MP3 as libsndfile writes it, read back.

import Foundation
import Testing

@testable import AudioFiles

@Suite("MP3 file") struct MP3FileTests {
    private func written(_ samples: [Float], rate: Int, kilobits: Double) throws -> (
        bytes: Int, reader: AudioFileReader
    ) {
        let path = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).mp3").path
        defer { unlink(path) }
        try MP3File.write(samples, rate: rate, kilobits: kilobits, to: path)
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
        return (try #require(size), try AudioFileReader(path: path))
    }

    @Test("the tone that was written comes back, at the bit rate that was asked for", arguments: [44_100, 16_000])
    func tone(rate: Int) throws {
        let seconds = 4
        let samples = (0..<seconds * rate).map { Float(0.5 * sin(2 * .pi * 440 * Double($0) / Double(rate))) }
        let (bytes, reader) = try written(samples, rate: rate, kilobits: 64)
        #expect(abs(Double(bytes * 8) / Double(seconds * 64_000) - 1) < 0.1, "\(bytes) bytes")
        #expect(reader.format.sampleRate == rate && reader.format.channels == 1)
        var block = [Float](repeating: 0, count: seconds * rate)
        guard case .frames(let count) = reader.read(&block, capacity: block.count) else {
            Issue.record("nothing is in it")
            return
        }
        #expect(count > (seconds - 1) * rate)
        let middle = block[rate..<2 * rate]
        let power = middle.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(rate)
        // LAME may be off by half a decibel.
        #expect(abs(power - 0.125) < 0.015)
        #expect(try written(samples, rate: rate, kilobits: 32).bytes < bytes * 2 / 3)
    }

    @Test("a folder that is not there is named") func refused() {
        #expect {
            try MP3File.write([0, 0], rate: 44_100, kilobits: 64, to: "/nowhere/a.mp3")
        } throws: {
            "\($0)".contains("/nowhere/a.mp3 cannot be written")
        }
    }
}
