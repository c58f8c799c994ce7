// A small program that declares one of everything, for the tests of this target.

@testable import CommandLine

let sample = Program(
    name: "tune", version: "1.2", summary: "listen to a tune",
    discussion: ["It listens.", ".Starts with a dot and has a \\ backslash."],
    verbs: [
        Verb(
            "play", summary: "play a file", discussion: ["It plays the file to its end."],
            options: [
                Option("speed", short: "s", .number("FACTOR", 0.5...2), help: "how fast: 1 is as written"),
                Option("block", .integer("FRAMES", 1...8192), help: "frames a block"),
                Option("format", .choice(["json", "text"]), help: "what to print"),
                Option("type", .list("TYPES", ["on", "off", "health"]), help: "which events"),
                Option("instrument", .openList("NAMES", ["violin", "viola"]), help: "which instruments"),
                Option("model", short: "m", .file, help: "the model [safetensors]"),
                Option("quiet", short: "q", help: "don't print anything"),
            ],
            operands: [Operand("FILE", .file, help: "what to play")]),
        Verb(
            "say", summary: "say words",
            operands: [
                Operand("HOW", .choice(["loud", "soft"]), help: "the voice"),
                Operand("WORD", .text("WORD"), help: "what to say", isOptional: true, repeats: true),
            ]),
    ],
    sections: [Program.Section("ENVIRONMENT", [("TUNE_HOME", "where the tunes are.")])], seeAlso: ["tuned 8"])

/// The arguments of a line that must parse.
func parsed(_ line: String) throws -> Arguments {
    guard case .run(_, let arguments) = try sample.parse(words(line)) else { throw Unexpected() }
    return arguments
}

/// The text a line shows instead of running a verb.
func shown(_ line: String) throws -> String {
    guard case .show(let text) = try sample.parse(words(line)) else { throw Unexpected() }
    return text
}

/// The complaint about a line that must not parse.
func complaint(_ line: String) throws -> String {
    do throws(UsageError) {
        _ = try sample.parse(words(line))
    } catch {
        return error.description
    }
    throw Unexpected()
}

struct Unexpected: Error {}

private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }
