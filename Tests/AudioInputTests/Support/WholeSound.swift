// A file read to its end by the reader alone.

import AudioCore
import AudioFiles
import CSndFile
import Foundation
import Testing

/// What the reader makes of a file: every recording in it with its own format.
struct WholeSound {
    /// The recordings, in order.
    private(set) var parts: [(format: AudioFormat, samples: [Float])] = []
    /// Frames that the reader promised.
    let promised: Int?
    let duration: Double?
    /// How it ended; nil for a whole file.
    private(set) var code: Int32?
    private(set) var failure = ""

    init(_ path: String) throws {
        let reader = try AudioFileReader(path: path)
        promised = reader.frames
        duration = reader.duration
        parts = [(reader.format, [])]
        var block = [Float](repeating: 0, count: 1_000 * AudioFileReader.maximumChannels)
        reading: while true {
            let result = block.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.map { reader.read($0, capacity: 1_000) } ?? .end
            }
            switch result {
            case .frames(let count): parts[parts.count - 1].samples += block.prefix(count * reader.format.channels)
            case .reformatted: parts.append((reader.format, []))
            case .end: break reading
            case .failed(let code):
                (self.code, failure) = (code, reader.failure)
                break reading
            }
        }
    }

    init(_ bytes: Data, _ ending: String) throws {
        let file = try AudioFile(bytes: bytes, named: ending)
        try self.init(file.path)
    }

    /// Frames of all parts.
    var frames: Int { parts.reduce(0) { $0 + $1.samples.count / $1.format.channels } }

    /// Upward crossings of zero in a stretch of a part's first channel, in seconds.
    func crossings(_ range: Range<Double>, part: Int = 0) -> Int {
        let (format, samples) = parts[part]
        let (first, last) = (
            Int(range.lowerBound * Double(format.sampleRate)), Int(range.upperBound * Double(format.sampleRate))
        )
        let one = (first..<last).compactMap { frame in
            frame * format.channels < samples.count ? samples[frame * format.channels] : nil
        }
        return zip(one, one.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
    }
}

/// A tone on every channel.
func tone(_ frequency: Double, seconds: Double, rate: Int = 48_000, channels: Int = 1) -> [Float] {
    (0..<Int(seconds * Double(rate)) * channels).map { index in
        Float(0.25 * sin(2 * .pi * frequency * Double(index / channels) / Double(rate)))
    }
}
