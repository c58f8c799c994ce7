// A verb of the tool: its declaration and its implementation.

import CommandLine

/// One verb. Each verb has its own file, with an extension that contains one static constant.
struct Command: Sendable {
    /// The declaration for help, completions and the manual page.
    let verb: Verb
    /// Runs the verb.
    let run: @Sendable (Arguments) throws(Failure) -> Void

    init(_ verb: Verb, run: @escaping @Sendable (Arguments) throws(Failure) -> Void) {
        self.verb = verb
        self.run = run
    }

    /// All verbs, in the order of the help.
    static let all: [Command] = [
        .demo, .replay, .watch, .listen, .status, .mark, .record, .sessions, .annotate, .export, .report, .evaluate,
        .tune, .compare, .bridge, .devices, .checkConfig, .model, .features, .run, .completions, .help,
    ]
}
