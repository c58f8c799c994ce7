// Writes FLAC through libsndfile so that what was written survives the death of the program.

import AudioCore
import CSndFile
import Glibc
import System
import WholeFiles

/// A FLAC file of 24 bits that grows. One thread at a time.
///
/// libsndfile hands every FLAC frame to the kernel as soon as it is encoded and buffers nothing beyond it, so a program
/// that is killed loses what the encoder has not made a frame of: at most 4096 frames, 1152 below 8 kHz. Such a file
/// lacks only the length in its header, which a player does not need and `FLACTail` adds.
///
/// 24 bits hold whatever a device gives in 8, 16 or 24 bits exactly (FLAC spends nothing on low bits that are zero), and
/// of floats what their mantissa holds at full scale. Beyond full scale samples are clipped and counted.
public final class AudioFileWriter {
    /// Most channels of one FLAC file.
    public static let maximumChannels = 8
    /// Highest rate in hertz that the format knows.
    public static let maximumRate = 655_350

    /// Path of the file, for messages: the owner updates it when the file is moved.
    public var path: String
    /// Rate and channels.
    public let format: AudioFormat
    /// Frames written, those that the encoder still holds included.
    public private(set) var frames: Int64 = 0
    /// Samples that were beyond full scale, or no numbers, so far.
    public private(set) var clipped: Int64 = 0

    private var file: OpaquePointer?
    /// The same open file, for what is done when libsndfile has closed its own.
    private let descriptor: Int32
    private var integers: [Int32] = []

    /// Creates the file, which must not be there yet. Throws when it cannot be, or FLAC cannot hold the format.
    public convenience init(path: String, format: AudioFormat) throws(AudioFileError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw .unwritable(path: path, detail: SystemError.last.description) }
        try self.init(descriptor: descriptor, path: path, format: format)
    }

    /// The same with an open file, which becomes the writer's.
    init(descriptor: Int32, path: String, format: AudioFormat) throws(AudioFileError) {
        guard (1...Self.maximumChannels).contains(format.channels), (1...Self.maximumRate).contains(format.sampleRate)
        else {
            Glibc.close(descriptor)
            throw .unwritable(
                path: path,
                detail: "FLAC holds 1 to \(Self.maximumChannels) channels at up to \(Self.maximumRate) Hz, "
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
            // libsndfile closes the descriptor when it fails, too.
            let reason = Self.reason(nil)
            Glibc.close(own)
            throw .unwritable(path: path, detail: reason)
        }
        // Levels 0 to 2 encode in blocks of 1152 frames, the others in blocks of 4096: at a low rate the short ones keep
        // what is held back below a second.
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

    /// Appends interleaved frames. After an error nothing more can be written; `finish` keeps what was.
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

    /// Waits until what the encoder has finished is with the disk, where it survives a power cut.
    public func sync() throws(AudioFileError) {
        do throws(SystemError) {
            try WholeFile.sync(descriptor)
        } catch {
            throw .unwritable(path: path, detail: error.description)
        }
    }

    /// Closes the file, with its length in the header; returns the frames it holds, which are fewer than were written
    /// where the disk took no more.
    public func finish() throws(AudioFileError) -> Int64 {
        guard let file else { return frames }
        self.file = nil
        sf_close(file)
        guard frames > 0 else { return 0 }
        // A close that fails says nothing, and an encoder that failed leaves its header as it was.
        frames = try FLACTail.mend(descriptor, path: path)
        return frames
    }

    /// The upper 24 bits of the result are the sample; 2^23 on both ways gives back what a device gave.
    private func integer(_ sample: Float) -> Int32 {
        let scaled = (sample * 8_388_608).rounded()
        if scaled >= -8_388_608, scaled <= 8_388_607 { return Int32(scaled) << 8 }
        clipped += 1
        guard !sample.isNaN else { return 0 }
        return (sample < 0 ? -8_388_608 : 8_388_607) << 8
    }

    /// The system's reason where there is one; libsndfile's own says only that its encoder failed.
    private static func reason(_ file: OpaquePointer?) -> String {
        errno != 0 ? SystemError.last.description : String(cString: sf_strerror(file))
    }
}
