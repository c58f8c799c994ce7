// PulseAudio: the sources of a desktop's sound server, and the monitors of its sinks.

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
