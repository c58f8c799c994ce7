// Raw PCM on standard input.

import AudioCore
import Glibc
import System

extension Backend {
    /// "stdin:s16le:44100:2".
    static let stdin = Backend(
        scheme: "stdin", usage: "stdin:ENCODING:RATE:CHANNELS",
        parse: { detail throws(Problem) in
            let fields = detail.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 3 else {
                throw Problem(detail: "write stdin:ENCODING:RATE:CHANNELS, for example stdin:s16le:44100:2")
            }
            guard let encoding = RawEncoding(rawValue: String(fields[0])) else {
                let known = RawEncoding.allCases.map(\.rawValue).joined(separator: " ")
                throw Problem(detail: "unknown encoding \"\(fields[0])\": expected one of \(known)")
            }
            guard let rate = Int(fields[1]), (1_000...1_000_000).contains(rate) else {
                throw Problem(detail: "the rate must be from 1000 to 1000000 Hz")
            }
            guard let channels = Int(fields[2]), (1...ChannelSelection.limit).contains(channels) else {
                throw Problem(detail: "the channels must be from 1 to \(ChannelSelection.limit)")
            }
            let format = AudioFormat(sampleRate: rate, channels: channels)
            return Recipe(detail: "\(encoding.rawValue):\(rate):\(channels)") { _ in
                RawSource(encoding: encoding, format: format)
            }
        },
        explain: { SystemError(code: $0).description })
}
