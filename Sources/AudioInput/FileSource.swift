// Audio files through libsndfile: WAV, FLAC, Ogg Vorbis, Opus, MP3 and its other formats.

import AudioCore
import CSndFile
import Glibc

/// A file, read as fast as it is asked for. Decoders allocate as they please; a file is never live.
final class FileSource: AudioSource {
    let isLive = false
    /// The code of a file that ends before the length that its header states.
    static let truncated: Int32 = 10_000

    private let path: String
    private var file: OpaquePointer?
    private var remaining: Int64 = 0
    private var isCutShort = false

    init(path: String) {
        self.path = path
    }

    deinit {
        close()
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        close()
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let detail = String(cString: strerror(errno))
            throw errno == ENOENT ? .missing(source: path, detail: detail) : .unusable(source: path, detail: detail)
        }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
            Glibc.close(descriptor)
            throw .unusable(source: path, detail: "it is not a regular file; raw PCM from a pipe goes through stdin:")
        }
        var info = SF_INFO()
        guard let opened = sf_open_fd(descriptor, Int32(SFM_READ), &info, 1) else {
            // libsndfile closes the descriptor when it fails, too.
            throw .unusable(
                source: path, detail: facts.st_size == 0 ? "it is empty" : String(cString: sf_strerror(nil)))
        }
        file = opened
        let format = AudioFormat(sampleRate: Int(info.samplerate), channels: Int(info.channels))
        guard (1_000...1_000_000).contains(format.sampleRate), (1...ChannelSelection.limit).contains(format.channels)
        else {
            close()
            throw .unusable(
                source: path,
                detail: "its header says \(format.sampleRate) Hz and \(format.channels) channels; "
                    + "1000 to 1000000 Hz and at most \(ChannelSelection.limit) channels are read")
        }
        remaining = info.frames
        isCutShort = Self.isCutShort(descriptor, size: facts.st_size)
        return format
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let file else { return .end }
        let got = sf_readf_float(file, destination, Int64(capacity))
        if got > 0 {
            remaining -= got
            return .frames(Int(got))
        }
        let error = sf_error(file)
        if error != SF_ERR_NO_ERROR { return .failed(code: error) }
        return remaining > 0 || isCutShort ? .failed(code: Self.truncated) : .end
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

    func close() {
        if let file { sf_close(file) }
        file = nil
    }
}
