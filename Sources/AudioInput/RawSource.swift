// Headerless PCM from standard input or any other descriptor.

import AudioCore
import Glibc

/// Raw interleaved PCM from a pipe. Reads may break anywhere; the odd bytes wait for the rest of their frame.
final class RawSource: AudioSource {
    let isLive = false
    private let descriptor: Int32
    private let encoding: RawEncoding
    private let format: AudioFormat
    private let bytes: UnsafeMutableRawBufferPointer
    private var held = 0
    private var isUsed = false

    /// The descriptor is not closed, for it is the process's standard input.
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
        let ready = poll(&request, 1, Int32(timeout))
        guard ready > 0 else { return ready == 0 || errno == EINTR ? .nothing : .failed(code: errno) }
        let room = min(bytes.count, capacity * frameBytes) - held
        let got = Glibc.read(descriptor, base + held, room)
        guard got > 0 else {
            if got == 0 { return .end }
            return errno == EINTR || errno == EAGAIN ? .nothing : .failed(code: errno)
        }
        held += got
        let frames = held / frameBytes
        guard frames > 0 else { return .nothing }
        encoding.decode(base, count: frames * format.channels, into: destination)
        held -= frames * frameBytes
        memmove(base, base + frames * frameBytes, held)
        return .frames(frames)
    }

    func close() {}
}
