// Audio files written by libsndfile for the tests.

import CSndFile
import Foundation
import Testing

/// A file in a private directory, removed when nobody holds it any more.
final class AudioFile {
    /// What a test writes; the names are the usual extensions.
    enum Format: String, CaseIterable {
        case wav
        case flac
        case ogg
        case opus
        case mp3

        var code: Int32 {
            switch self {
            case .wav: Int32(SF_FORMAT_WAV | SF_FORMAT_FLOAT)
            case .flac: Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
            case .ogg: Int32(SF_FORMAT_OGG | SF_FORMAT_VORBIS)
            case .opus: Int32(SF_FORMAT_OGG | SF_FORMAT_OPUS)
            case .mp3: Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
            }
        }
    }

    let path: String

    /// Writes interleaved samples.
    init(_ samples: [Float], as format: Format, rate: Int = 48_000, channels: Int = 2) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).\(format)").path
        var info = SF_INFO()
        info.samplerate = Int32(rate)
        info.channels = Int32(channels)
        info.format = format.code
        let file = try #require(sf_open(path, Int32(SFM_WRITE), &info))
        // The MP3 encoder of some versions loses what comes in one large piece.
        for start in stride(from: 0, to: samples.count, by: 4_096 * channels) {
            let piece = samples[start..<min(samples.count, start + 4_096 * channels)]
            let written = piece.withUnsafeBufferPointer { sf_write_float(file, $0.baseAddress, Int64($0.count)) }
            #expect(written == Int64(piece.count))
        }
        sf_close(file)
    }

    /// Writes bytes as they are.
    init(bytes: Data, named suffix: String) throws {
        path = FileManager.default.temporaryDirectory.appending(path: "timbre-\(UUID().uuidString).\(suffix)").path
        try bytes.write(to: URL(filePath: path))
    }

    deinit {
        unlink(path)
    }

    var bytes: Data {
        get throws { try Data(contentsOf: URL(filePath: path)) }
    }
}
