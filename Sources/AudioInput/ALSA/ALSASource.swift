// An ALSA PCM as a source.

import AudioCore
import CALSA
import Glibc

/// Reads an ALSA capture PCM without blocking in it: it uses non-blocking mode and `snd_pcm_wait` with a timeout.
///
/// The error codes of ALSA's plugins for a lost device are unreliable (permanent EAGAIN, EIO, ENODEV, EBADFD). Any
/// error other than an overrun or a suspend is therefore a failure, and the supervisor's deadline handles a device
/// that reports none.
final class ALSASource: AudioSource {
    let isLive = true
    /// Largest number of frames of one read.
    private static let block = 1_024

    private let name: String
    private let options: SourceOptions
    private var pcm: OpaquePointer?
    private var encoding = RawEncoding.f32le
    private var channels = 1
    private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// Used for PCMs that have no clock and would deliver audio without limit.
    private var pacer: Pacer?

    init(name: String, options: SourceOptions) {
        self.name = name
        self.options = options
    }

    deinit {
        close()
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        close()
        ALSADevices.silenceLibrary()
        var opened: OpaquePointer?
        let error = snd_pcm_open(&opened, name, SND_PCM_STREAM_CAPTURE, SND_PCM_NONBLOCK)
        guard error == 0, let opened else { throw failure("opening", error) }
        pcm = opened
        do throws(AudioInputError) {
            let setup = try ALSASetup(pcm: opened, options: options, fail: failure)
            encoding = setup.encoding
            channels = setup.format.channels
            bytes = .allocate(byteCount: Self.block * channels * encoding.width, alignment: 64)
            let error = snd_pcm_start(opened)
            guard error == 0 else { throw failure("starting", error) }
            let type = snd_pcm_type(opened)
            if type == SND_PCM_TYPE_FILE || type == SND_PCM_TYPE_NULL {
                pacer = Pacer(sampleRate: setup.format.sampleRate)
            }
            return setup.format
        } catch {
            close()
            throw error
        }
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        guard let pcm, let base = bytes.baseAddress else { return .failed(code: EBADFD) }
        var wanted = min(capacity, Self.block)
        if let due = pacer?.wait(for: min(wanted, ALSASetup.period), timeout: timeout) {
            guard due > 0 else { return .nothing }
            wanted = due
        }
        var count = snd_pcm_readi(pcm, base, UInt(wanted))
        if count == 0 || count == -Int(EAGAIN) {
            let ready = snd_pcm_wait(pcm, Int32(timeout))
            guard ready > 0 else { return ready == 0 ? .nothing : recover(pcm, from: ready) }
            count = snd_pcm_readi(pcm, base, UInt(wanted))
        }
        guard count > 0 else { return count == 0 ? .nothing : recover(pcm, from: Int32(count)) }
        encoding.decode(base, count: count * channels, into: destination)
        pacer?.take(count)
        return .frames(count)
    }

    func close() {
        if let pcm { snd_pcm_close(pcm) }
        pcm = nil
        pacer = nil
        bytes.deallocate()
        bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    private func recover(_ pcm: OpaquePointer, from error: Int32) -> ReadResult {
        switch -error {
        case EAGAIN, EINTR:
            return .nothing
        case EPIPE:
            return restart(pcm)
        case ESTRPIPE:
            // snd_pcm_resume returns EAGAIN while the hardware wakes up; where the hardware cannot resume, the PCM is
            // restarted.
            let resumed = snd_pcm_resume(pcm)
            if resumed == -EAGAIN { return .nothing }
            return resumed == 0 ? .lost(0) : restart(pcm)
        default:
            return .failed(code: -error)
        }
    }

    private func restart(_ pcm: OpaquePointer) -> ReadResult {
        var error = snd_pcm_prepare(pcm)
        if error == 0 { error = snd_pcm_start(pcm) }
        return error == 0 ? .lost(0) : .failed(code: -error)
    }

    private func failure(_ step: String, _ error: Int32) -> AudioInputError {
        let source = "alsa:\(name)"
        let detail = "\(step): " + String(cString: snd_strerror(error))
        return switch -error {
        case ENOENT, ENODEV, ENXIO, ECONNREFUSED:
            .missing(source: source, detail: detail + "; \"timbre devices\" lists the available sources")
        case EBUSY: .busy(source: source, detail: detail)
        case EACCES, EPERM:
            .unusable(source: source, detail: detail + "; is the user in the group \"audio\"?")
        default: .unusable(source: source, detail: detail)
        }
    }
}
