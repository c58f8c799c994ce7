// PulseAudio: the sources of a sound server of the desktop, and the monitors of what it plays.

import CPulse

extension Backend {
    /// "pulse:NAME"; "pulse:" is the server's default source.
    static let pulse = Backend(
        scheme: "pulse", usage: "pulse:SOURCE",
        parse: { detail throws(Problem) in
            Recipe(detail: detail) { _ in PulseSource(name: detail.isEmpty ? nil : detail) }
        },
        list: { () throws(AudioInputError) in try PulseDevices.list() },
        explain: { String(cString: pa_strerror($0)) })
}
