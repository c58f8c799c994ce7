// A test tone, for tests of the whole path without a device.

import Glibc
import System

extension Backend {
    /// Default peak of a test tone, in dBFS.
    private static let usualToneLevel = -12.0

    /// "tone:440", "tone:440:-20" (peak in dBFS) or "tone:noise".
    static let tone = Backend(
        scheme: "tone", usage: "tone:HERTZ",
        parse: { detail throws(Problem) in
            let fields = detail.split(separator: ":", omittingEmptySubsequences: false)
            let signal: ToneSignal
            if fields[0] == "noise" {
                signal = .noise
            } else if let frequency = Double(fields[0]), frequency > 0, frequency < 500_000 {
                signal = .sine(frequency)
            } else {
                throw Problem(detail: "write a frequency in hertz or \"noise\", for example tone:440")
            }
            let level = fields.count == 1 ? usualToneLevel : Double(fields[1])
            guard fields.count <= 2, let level, (-120...0).contains(level) else {
                throw Problem(detail: "the peak level must be from -120 to 0 dBFS, for example tone:440:-20")
            }
            let name = if case .sine(let frequency) = signal { "\(frequency)" } else { "noise" }
            return Recipe(detail: "\(name):\(level)") { options in
                PacedSource(ToneSource(signal: signal, level: level, sampleRate: options.sampleRate))
            }
        },
        explain: { SystemError(code: $0).description })
}
