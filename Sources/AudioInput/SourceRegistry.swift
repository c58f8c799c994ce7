// The one place that knows every backend.

import AudioFiles
import CALSA
import CPulse
import Glibc

extension SourceSpecification {
    /// Builds the source, not yet open.
    public func make(_ options: SourceOptions = SourceOptions()) -> sending any AudioSource {
        switch self {
        case .file(let path):
            let file = FileSource(path: path)
            return options.realtime ? PacedSource(file) : file
        case .stdin(let encoding, let format): return RawSource(encoding: encoding, format: format)
        case .tone(let signal, let level):
            return PacedSource(ToneSource(signal: signal, level: level, sampleRate: options.sampleRate))
        case .alsa(let pcm): return ALSASource(name: pcm, options: options)
        case .pulse(let source): return PulseSource(name: source, options: options)
        }
    }

    /// Puts the code of a `ReadResult.failed` into words. Any thread.
    public func explain(_ code: Int32) -> String {
        switch self {
        case .file: AudioFileReader.explain(code)
        case .alsa: String(cString: snd_strerror(-code))
        case .pulse: String(cString: pa_strerror(code))
        case .stdin, .tone: String(cString: strerror(code))
        }
    }
}
