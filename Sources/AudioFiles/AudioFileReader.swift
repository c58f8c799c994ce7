// Audio files through libsndfile: WAV, FLAC, Ogg Vorbis, Opus, MP3 and its other formats.

import AudioCore
import CSndFile
import Glibc

/// An open audio file, read from its beginning to its end. One thread at a time.
public final class AudioFileReader {
    /// What a read brought.
    public enum Result: Equatable, Sendable {
        /// So many frames, at least one.
        case frames(Int)
        /// The file is over.
        case end
        /// It cannot be read on; `explain` puts the code into words.
        case failed(code: Int32)
    }

    /// The code of a file that ends before the length that its header states.
    public static let truncated: Int32 = 10_000
    /// Most channels of a file that is read.
    public static let maximumChannels = 64

    /// Rate in Hz and number of channels.
    public let format: AudioFormat
    /// Frames that the header promises; nil when it does not know.
    public let frames: Int?

    private let file: OpaquePointer
    private var remaining: Int64
    private let isCutShort: Bool

    /// Opens a file. Throws when it is missing, is no regular file, or is no audio of a sensible rate and width.
    public init(path: String) throws(AudioFileError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let detail = String(cString: strerror(errno))
            throw errno == ENOENT ? .missing(path: path, detail: detail) : .unusable(path: path, detail: detail)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw .unusable(path: path, detail: "it is not a regular file; raw PCM from a pipe goes through stdin:")
        }
        var info = SF_INFO()
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1) else {
            // libsndfile closes the descriptor when it fails, too.
            throw .unusable(path: path, detail: facts.st_size == 0 ? "it is empty" : String(cString: sf_strerror(nil)))
        }
        let format = AudioFormat(sampleRate: Int(info.samplerate), channels: Int(info.channels))
        guard (1_000...1_000_000).contains(format.sampleRate), (1...Self.maximumChannels).contains(format.channels)
        else {
            sf_close(file)
            throw .unusable(
                path: path,
                detail: "its header says \(format.sampleRate) Hz and \(format.channels) channels; "
                    + "1000 to 1000000 Hz and at most \(Self.maximumChannels) channels are read")
        }
        self.file = file
        self.format = format
        // libsndfile says the largest number there is for a length that it cannot know.
        frames = info.frames > 0 && info.frames < Int64.max / 2 ? Int(info.frames) : nil
        // A FLAC file that is still being written has no length; an Ogg file without one was cut off.
        let isOpenEnded = frames == nil && info.format & Int32(SF_FORMAT_TYPEMASK) == Int32(SF_FORMAT_FLAC)
        remaining = isOpenEnded ? 0 : info.frames
        isCutShort = Self.isCutShort(descriptor, size: facts.st_size)
    }

    deinit {
        sf_close(file)
    }

    /// Seconds that the header promises; nil when it does not know.
    public var duration: Double? {
        frames.map { Double($0) / Double(format.sampleRate) }
    }

    /// Reads at most `capacity` interleaved frames.
    public func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int) -> Result {
        let got = sf_readf_float(file, destination, Int64(capacity))
        if got > 0 {
            remaining -= got
            return .frames(Int(got))
        }
        let error = sf_error(file)
        if error != SF_ERR_NO_ERROR { return .failed(code: error) }
        return remaining > 0 || isCutShort ? .failed(code: Self.truncated) : .end
    }

    /// Puts the code of a failed read into words.
    public static func explain(_ code: Int32) -> String {
        code == truncated
            ? "the file ends before the length that its header states" : String(cString: sf_error_number(code))
    }

    /// Whether a RIFF header promises more bytes than there are; libsndfile makes do with what it finds and says
    /// nothing. Sizes near the limits are what programs write that do not know the length yet; many count a byte of
    /// padding that they leave out.
    private static func isCutShort(_ descriptor: Int32, size: Int) -> Bool {
        var header: (UInt32, UInt32) = (0, 0)
        guard pread(descriptor, &header, 8, 0) == 8, UInt32(bigEndian: header.0) == 0x5249_4646 else { return false }
        let declared = UInt32(littleEndian: header.1)
        return declared < 0x7FFF_0000 && Int(declared) + 8 > size + 1
    }
}
