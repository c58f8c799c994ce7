// Fuzzes the command-line parser: the input's lines are the words.

import CommandLine

private let program = Program(
    name: "tune", version: "1", summary: "listen",
    verbs: [
        Verb(
            "play", summary: "play",
            options: [
                Option("speed", short: "s", .number("X", 0...1), help: ""), Option("quiet", short: "q", help: ""),
                Option("type", .list("T", ["on", "off"]), help: ""), Option("block", .integer("N", 1...9), help: ""),
            ], operands: [Operand("FILE", .file, help: "", repeats: true)])
    ])

@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let text = String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    _ = try? program.parse(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    return 0
}
