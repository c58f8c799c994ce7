// Runs the verb that the command line names.

import CommandLine
import Glibc

// A reader that goes away is an error of the write, not the death of the program.
signal(SIGPIPE, SIG_IGN)
// Nor is a file that may not grow.
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
