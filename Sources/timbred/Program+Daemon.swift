// The daemon's command line.

import CommandLine
import Engine

extension Program {
    /// The declaration for `timbred --help` and its completions.
    static let daemon = Program(
        name: "timbred", version: Engine.version, build: { BuildIdentity.description },
        summary: "listens to live audio and says which musical instruments are sounding",
        options: [
            Option("config", short: "c", .file, help: "read this configuration (without it: the defaults)"),
            Option("model", .file, help: "use this model file instead of the configured one"),
            Option("source", .text("source"), help: "listen to this source instead of the configured ones"),
            Option("socket", .file, help: "listen on this socket instead of the configured one"),
            Option("stdout", help: "also write the events to standard output, as JSON lines"),
        ])
}
