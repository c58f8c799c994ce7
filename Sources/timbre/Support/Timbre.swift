// The declaration of the program: its verbs and the other sections of its manual page.

import CommandLine
import Engine

extension Program {
    /// The declaration of `timbre`.
    static let timbre = Program(
        name: "timbre", version: Engine.version, build: { BuildIdentity.description },
        summary: "show the detections of timbred, and analyse recordings",
        discussion: [
            "timbre is the command-line tool of timbred, the daemon that recognizes musical instruments in live audio.",
            "Verbs that connect to the daemon use its socket at $TIMBRE_SOCKET if the variable is set, otherwise "
                + "$XDG_RUNTIME_DIR/timbred/timbred.sock if it exists, otherwise /run/timbred/timbred.sock; --socket names another.",
        ],
        verbs: Command.all.map(\.verb),
        sections: [
            Section(
                "ENVIRONMENT",
                [
                    ("TIMBRE_SOCKET", "the socket of the daemon."),
                    ("NO_COLOR", "if it is set to any value, views are drawn without colour."),
                ]),
            Section(
                "EXAMPLES",
                [
                    ("timbre demo", "replays the bundled recording and shows the detected instruments."),
                    ("timbre watch", "shows the running daemon's detections live."),
                    (
                        "timbre replay song.flac | jq -r 'select(.type==\"on\") | .instrument'",
                        "lists the instruments of a recording in the order of their onsets."
                    ),
                    (
                        "timbre listen --type on,off --instrument violin,viola",
                        "prints the onsets and offsets of two instruments, one JSON line each."
                    ),
                ]),
        ],
        seeAlso: ["timbred.conf 5", "timbre-events 7", "timbred 8"])
}
