// The declaration of the program: its verbs and the other sections of its manual page.

import CommandLine
import Engine

extension Program {
    /// The declaration of `timbre`.
    static let timbre = Program(
        name: "timbre", version: Engine.version, build: { BuildIdentity.description },
        summary: "watch, replay and examine what timbred hears",
        discussion: [
            "timbre is the tool beside timbred, the daemon that listens to live audio and says which instruments sound.",
            "Verbs that speak to the daemon find its socket at $TIMBRE_SOCKET, at $XDG_RUNTIME_DIR/timbred/timbred.sock "
                + "or at /run/timbred/timbred.sock, whichever is there first; --socket names another.",
        ],
        verbs: Command.all.map(\.verb),
        sections: [
            Section(
                "ENVIRONMENT",
                [
                    ("TIMBRE_SOCKET", "the socket of the daemon."),
                    ("NO_COLOR", "when set to anything, views are drawn without colour."),
                ]),
            Section(
                "EXAMPLES",
                [
                    ("timbre demo", "plays the bundled recording through the recognizer and shows what it hears."),
                    ("timbre watch", "shows what the running daemon hears."),
                    (
                        "timbre replay song.flac | jq -r 'select(.type==\"on\") | .instrument'",
                        "lists the instruments of a recording in the order they come in."
                    ),
                    (
                        "timbre listen --type on,off --instrument violin,viola",
                        "follows two instruments, one JSON line per entry and end."
                    ),
                ]),
        ],
        seeAlso: ["timbred.conf 5", "timbre-events 7", "timbred 8"])
}
