// Writes MP3 through libsndfile, to test the effect of a codec on a recording.

import AudioCore
import CSndFile

/// MP3 at a constant bit rate, written in one call.
public enum MP3File {
    /// The rates of the format, in hertz.
    public static let rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]

    /// Writes one channel, and replaces an existing file at `path`.
    ///
    /// - Parameters:
    ///   - rate: one of `rates`.
    ///   - kilobits: kilobits per second; LAME uses the nearest value that the format has at this rate.
    /// - Throws: when the file cannot be written, or libsndfile was built without an encoder.
    public static func write(
        _ samples: [Float], rate: Int, kilobits: Double, to path: String
    ) throws(AudioFileError) {
        var info = SF_INFO()
        info.samplerate = Int32(rate)
        info.channels = 1
        info.format = Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
        guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
            throw .unwritable(path: path, detail: "as MP3: \(String(cString: sf_strerror(nil)))")
        }
        defer { sf_close(file) }
        var mode = Int32(SF_BITRATE_MODE_CONSTANT)
        sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
        // libsndfile distributes its levels evenly over the bit rates of MPEG-1, of MPEG-2 below 32 kHz, or of
        // MPEG-2.5 below 16.
        let (lowest, highest) = rate >= 32_000 ? (32.0, 320.0) : (8.0, rate >= 16_000 ? 160.0 : 64.0)
        var level = min(1, max(0, (highest - kilobits) / (highest - lowest)))
        sf_command(file, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
        guard sf_write_float(file, samples, Int64(samples.count)) == samples.count else {
            throw .unwritable(path: path, detail: String(cString: sf_strerror(file)))
        }
    }
}
