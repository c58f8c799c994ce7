// `timbre completions SHELL`: prints the completion script of this program.

import CommandLine

extension Command {
    static let completions = Command(
        Verb(
            "completions", summary: "print the completion script for a shell",
            discussion: ["To enable completion in the current shell: eval \"$(timbre completions bash)\"."],
            operands: [Operand("SHELL", .choice(Shell.allCases.map(\.rawValue)), help: "bash, zsh or fish")])
    ) { arguments throws(Failure) in
        guard let shell = Shell(rawValue: arguments.operands[0]) else { return }
        try Output.write(Program.timbre.completions(for: shell))
    }
}
