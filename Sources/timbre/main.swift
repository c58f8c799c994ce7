// Runs the verb that the command line names.

import CommandLine
import Glibc

// A closed reader must cause a write error, not the end of the program.
signal(SIGPIPE, SIG_IGN)
// The same applies to a file that exceeds the size limit.
signal(SIGXFSZ, SIG_IGN)

do {
    switch try Program.timbre.parse(Array(CommandLine.arguments.dropFirst())) {
    case .show(let text): try Output.write(text)
    case .run(let verb, let arguments):
        try Command.all.first { $0.verb.name == verb.name }?.run(arguments)
    }
} catch let error as UsageError {
    Output.complain(error.description)
    exit(ExitCode.usage.rawValue)
} catch let failure as Failure {
    if !failure.sentence.isEmpty { Output.complain("timbre: \(failure.sentence)") }
    exit(failure.code.rawValue)
}
