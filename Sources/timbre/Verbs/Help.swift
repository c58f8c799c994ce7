// `timbre help`: the help of the program or of a verb, and the manual page.

import CommandLine
import Spelling

extension Command {
    static let help = Command(
        Verb(
            "help", summary: "show the help of a verb",
            options: [Option("man", help: "print the source of the manual page instead")],
            operands: [Operand("VERB", .text("VERB"), help: "the verb to describe", isOptional: true)])
    ) { arguments throws(Failure) in
        if arguments.flag("man") { return try Output.write(Program.timbre.manual(date: manualDate)) }
        guard let name = arguments.operands.first else { return try Output.write(Program.timbre.help) }
        let verbs = Program.timbre.verbs
        guard let verb = verbs.first(where: { $0.name == name }) else {
            let hint = NearestName.nearest(to: name, among: verbs.map(\.name)).map { "; did you mean '\($0)'?" } ?? ""
            throw Failure("unknown verb '\(name)'\(hint)", .usage)
        }
        try Output.write(Program.timbre.help(for: verb))
    }

    /// The date of the last change of the manual page's text.
    private static let manualDate = "November 21, 2026"
}
