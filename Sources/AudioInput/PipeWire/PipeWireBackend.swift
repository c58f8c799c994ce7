// PipeWire through its native interface: sources, and the monitors of sinks.

import CPipeWire
import Glibc
import System

extension Backend {
    /// "pipewire:NODE", "pipewire:SINK.monitor" for the output of a sink; "pipewire:" is the session's default source.
    static let pipewire = Backend(
        scheme: "pipewire", usage: "pipewire:NODE",
        parse: { detail throws(Problem) in
            Recipe(detail: detail) { options in
                CallbackSource(PipeWireDriver(node: detail.isEmpty ? nil : detail, sampleRate: options.sampleRate))
            }
        },
        list: { () throws(AudioInputError) in
            try PipeWireDriver.nodes().map { Device(name: "pipewire:\($0.name)", label: $0.label) }
        },
        explain: { SystemError(code: $0).description })
}
