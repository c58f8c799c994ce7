// Headerless PCM from standard input or any other descriptor.

import AudioCore
import Glibc
import System

/// Raw interleaved PCM from a pipe. A read may end within a frame; the remaining bytes are kept until the frame is
/// complete.
final class RawSource: AudioSource {
    let isLive = false
    private let descriptor: Int32
    private let encoding: RawEncoding
    private let format: AudioFormat
    private let bytes: UnsafeMutableRawBufferPointer
    private var held = 0
    private var isUsed = false
    /// Whether the first bytes were checked.
    private var isKnown = false
    private(set) var failure: String?

    /// The source does not close the descriptor, because it is the process's standard input.
    init(descriptor: Int32 = STDIN_FILENO, encoding: RawEncoding, format: AudioFormat) {
        self.descriptor = descriptor
        self.encoding = encoding
        self.format = format
        bytes = .allocate(byteCount: 1_024 * format.channels * encoding.width, alignment: 16)
    }

    deinit {
        bytes.deallocate()
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        guard !isUsed else { throw .unusable(source: "stdin", detail: "a pipe can be read only once") }
        guard fcntl(descriptor, F_GETFD) >= 0 else {
            throw .missing(source: "stdin", detail: "standard input is closed")
        }
        guard isatty(descriptor) == 0 else {
            throw .unusable(
                source: "stdin",
                detail: "standard input is a terminal; pipe raw PCM into it, for example from arecord -f cd -t raw")
        }
        isUsed = true
        return format
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let base = bytes.baseAddress else { return .end }
        let frameBytes = format.channels * encoding.width
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let room = min(bytes.count, capacity * frameBytes) - held
        let got: Int
        do throws(SystemError) {
            guard try systemCall({ poll(&request, 1, Int32(timeout)) }) > 0 else { return .nothing }
            got = try systemCall { Glibc.read(descriptor, base + held, room) }
        } catch {
            return error.wouldBlock ? .nothing : .failed(code: error.code)
        }
        guard got > 0 || (!isKnown && held > 0) else { return .end }
        held += got
        if !isKnown {
            guard got == 0 || held >= min(Self.signature, capacity * frameBytes) else { return .nothing }
            isKnown = true
            if let kind = Self.container(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[..<held])) {
                failure =
                    "standard input contains \(kind), and raw samples are expected: name the file instead, or "
                    + "pipe raw samples, for example: ffmpeg -i FILE -f s16le -ar 44100 -ac 2 - | timbre replay -"
                return .failed(code: EILSEQ)
            }
        }
        let frames = held / frameBytes
        guard frames > 0 else { return .nothing }
        encoding.decode(base, count: frames * format.channels, into: destination)
        held -= frames * frameBytes
        memmove(base, base + frames * frameBytes, held)
        return .frames(frames)
    }

    func close() {}

    /// Number of bytes that distinguish a file from samples.
    private static let signature = 8

    /// Returns the type of file that begins with these bytes; nil for bytes that may be samples.
    private static func container(_ bytes: UnsafeRawBufferPointer) -> String? {
        func has(_ text: String, at position: Int = 0) -> Bool { bytes.dropFirst(position).starts(with: text.utf8) }
        if has("RIFF") || has("RIFX") || has("RF64") || has("riff") { return "a WAV file" }
        if has("fLaC") { return "a FLAC file" }
        if has("OggS") { return "an Ogg file" }
        if has("ID3") { return "an MP3 file" }
        if has("FORM") { return "an AIFF file" }
        if has("caff") { return "a CAF file" }
        if has(".snd") { return "an AU file" }
        return has("ftyp", at: 4) ? "an MP4 file" : nil
    }
}
