// Writes FLAC through libsndfile so that the written data survives the death of the program.

import AudioCore
import CSndFile
import Glibc
import System
import WholeFiles

/// A growing 24-bit FLAC file. Only one thread at a time may use it.
///
/// libsndfile passes every FLAC frame to the kernel as soon as it is encoded and buffers no more than that. When the
/// program is killed, only audio that the encoder has not completed to a FLAC frame is lost: at most 4096 frames, 1152
/// below 8 kHz. Such a file lacks only the length in its header, which players do not need and `FLACTail` adds.
///
/// 24 bits store device samples of 8, 16 or 24 bits exactly (FLAC spends nothing on low bits that are zero), and
/// floats with the precision of their mantissa at full scale. Samples beyond full scale are clipped and counted.
public final class AudioFileWriter {
    /// Largest number of channels of one FLAC file.
    public static let maximumChannels = 8
    /// Highest rate of the format, in hertz.
    public static let maximumRate = 655_350

    /// Path of the file, for messages: the owner updates it when the file is moved.
    public var path: String
    /// Rate and channels.
    public let format: AudioFormat
    /// Number of frames written, including those that the encoder still holds.
    public private(set) var frames: Int64 = 0
    /// Number of samples so far that were beyond full scale or not numbers.
    public private(set) var clipped: Int64 = 0

    private var file: OpaquePointer?
    /// A descriptor of the same open file, for operations after libsndfile has closed its own.
    private let descriptor: Int32
    private var integers: [Int32] = []

    /// Creates the file, which must not exist yet. Throws when it cannot be created or FLAC does not support the
    /// format.
    public convenience init(path: String, format: AudioFormat) throws(AudioFileError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .unwritable(path: path, detail: SystemError.last.description) }
        try self.init(descriptor: descriptor, path: path, format: format)
    }

    /// Creates the writer for an open file; the writer owns the descriptor.
    init(descriptor: Int32, path: String, format: AudioFormat) throws(AudioFileError) {
        guard (1...Self.maximumChannels).contains(format.channels), (1...Self.maximumRate).contains(format.sampleRate)
        else {
            Glibc.close(descriptor)
            throw .unwritable(
                path: path,
                detail: "FLAC supports 1 to \(Self.maximumChannels) channels at up to \(Self.maximumRate) Hz, "
                    + "not \(format.channels) at \(format.sampleRate) Hz")
        }
        let own = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard own >= 0 else {
            Glibc.close(descriptor)
            throw .unwritable(path: path, detail: SystemError.last.description)
        }
        var info = SF_INFO()
        info.samplerate = Int32(format.sampleRate)
        info.channels = Int32(format.channels)
        info.format = Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_24)
        errno = 0
        guard let file = sf_open_fd(descriptor, Int32(SFM_WRITE), &info, 1) else {
            // libsndfile also closes the descriptor when it fails.
            let reason = Self.reason(nil)
            Glibc.close(own)
            throw .unwritable(path: path, detail: reason)
        }
        // Levels 0 to 2 encode in blocks of 1152 frames, the others in blocks of 4096: at a low rate, short blocks
        // keep the delay of the encoder below a second.
        var level = format.sampleRate < 8_000 ? 0.25 : 0.625
        sf_command(file, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
        self.path = path
        self.format = format
        self.file = file
        self.descriptor = own
    }

    deinit {
        if let file { sf_close(file) }
        Glibc.close(descriptor)
    }

    /// Appends interleaved frames. After an error no more can be written; `finish` keeps the frames written before.
    public func write(_ samples: UnsafeBufferPointer<Float>) throws(AudioFileError) {
        guard let file else { throw .unwritable(path: path, detail: "it is closed") }
        integers.removeAll(keepingCapacity: true)
        for sample in samples { integers.append(integer(sample)) }
        let count = samples.count / format.channels
        guard count > 0 else { return }
        errno = 0
        let written = sf_writef_int(file, integers, Int64(count))
        frames += max(0, written)
        guard written == count else { throw .unwritable(path: path, detail: Self.reason(file)) }
    }

    /// Waits until the output of the encoder is on the disk, where it survives a power failure.
    public func sync() throws(AudioFileError) {
        do throws(SystemError) {
            try WholeFile.sync(descriptor)
        } catch {
            throw .unwritable(path: path, detail: error.description)
        }
    }

    /// Closes the file and writes its length into the header. Returns the number of frames in the file, which is lower
    /// than the number written where the disk was full.
    public func finish() throws(AudioFileError) -> Int64 {
        guard let file else { return frames }
        self.file = nil
        sf_close(file)
        guard frames > 0 else { return 0 }
        // libsndfile reports no error when closing fails, and a failed encoder does not update the header.
        frames = try FLACTail.mend(descriptor, path: path)
        return frames
    }

    /// The upper 24 bits of the result are the sample; with 2^23 as full scale in both directions, device samples are
    /// reproduced exactly.
    private func integer(_ sample: Float) -> Int32 {
        let scaled = (sample * 8_388_608).rounded()
        if scaled >= -8_388_608, scaled <= 8_388_607 { return Int32(scaled) << 8 }
        clipped += 1
        guard !sample.isNaN else { return 0 }
        return (sample < 0 ? -8_388_608 : 8_388_607) << 8
    }

    /// Returns the system's error where there is one; libsndfile's own message reports only that its encoder failed.
    private static func reason(_ file: OpaquePointer?) -> String {
        errno != 0 ? SystemError.last.description : String(cString: sf_strerror(file))
    }
}
