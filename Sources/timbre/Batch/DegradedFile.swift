// A degraded recording in a temporary file.

import AudioCore
import AudioFiles
import AudioInput
import FoundationEssentials

/// A temporary copy of a recording, mixed to one channel and degraded; the file is removed with this object.
final class DegradedFile {
    /// The path of the file.
    let path: String

    /// Reads the recording at `original`, degrades it, and writes it.
    init(_ original: String, _ degradation: Degradation) throws {
        let (samples, rate) = try Self.mix(original)
        let worse = degradation.applied(to: samples, rate: rate)
        let stem = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString)").path
        if case .mp3(let kilobits) = degradation.kind {
            path = stem + ".mp3"
            let fitting = MP3File.rates.contains(rate) ? rate : 44_100
            try MP3File.write(
                Degradation.resampled(worse, from: rate, to: fitting), rate: fitting, kilobits: kilobits, to: path)
        } else {
            path = stem + ".flac"
            let writer = try AudioFileWriter(path: path, format: AudioFormat(sampleRate: rate, channels: 1))
            try Self.fitted(worse, degradation).withUnsafeBufferPointer { try writer.write($0) }
            _ = try writer.finish()
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Returns the samples within full scale: a gain overloads as a converter does, anything else is attenuated.
    static func fitted(_ samples: [Float], _ degradation: Degradation) -> [Float] {
        if case .gain = degradation.kind { return samples.map { min(1, max(-1, $0)) } }
        let peak = samples.reduce(0) { max($0, abs($1)) }
        return peak > 1 ? samples.map { $0 / peak } : samples
    }

    /// Returns the mix of all channels, as a stream hears it.
    private static func mix(_ path: String) throws -> (samples: [Float], rate: Int) {
        let reader = try AudioFileReader(path: path)
        let channels = reader.format.channels
        var mixer = ChannelMixer(reader.format)
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 4096 * channels)
        var mixed = [Float](repeating: 0, count: 4096)
        while true {
            switch reader.read(&block, capacity: 4096) {
            case .frames(let count):
                block.withUnsafeBufferPointer { block in
                    mixed.withUnsafeMutableBufferPointer { mixed in
                        _ = mixer.process(UnsafeBufferPointer(rebasing: block[..<(count * channels)]), into: mixed)
                    }
                }
                samples += mixed[..<count]
            case .end: return (samples, reader.format.sampleRate)
            case .reformatted:
                throw AudioFileError.unusable(
                    path: path,
                    detail: "its parts differ in rate or channels; split the file and degrade each part separately")
            case .failed: throw AudioFileError.unusable(path: path, detail: reader.failure)
            }
        }
    }
}
