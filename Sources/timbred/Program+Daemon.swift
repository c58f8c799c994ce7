// The daemon's command line.

import CommandLine
import Engine

extension Program {
    /// The declaration for `timbred --help` and its completions.
    static let daemon = Program(
        name: "timbred", version: Engine.version, build: { BuildIdentity.description },
        summary: "recognizes musical instruments in live audio",
        options: [
            Option("config", short: "c", .file, help: "read this configuration (default: built-in settings)"),
            Option("model", .file, help: "use this model file instead of the configured one"),
            Option("source", .text("source"), help: "read this source instead of the configured ones"),
            Option("socket", .file, help: "listen on this socket instead of the configured one, or on none"),
            Option("stdout", help: "also write the events to standard output, as JSON lines"),
        ])
}
