// `timbre mark TEXT`: sets a mark in the events.

import CommandLine
import Events
import JSON

extension Command {
    static let mark = Command(
        Verb(
            "mark", summary: "insert a mark with a text into the running daemon's events",
            discussion: ["Only root and the daemon's own user may use this verb."],
            options: [.socket, Option("stream", .text("NAME"), help: "mark only this stream")],
            operands: [Operand("TEXT", .text("TEXT"), help: "the text of the mark, at most 1024 bytes")])
    ) { arguments throws(Failure) in
        var options = [JSONValue.Member("text", .string(arguments.operands[0]))]
        if let stream = arguments.text("stream") { options.append(.init("stream", .string(stream))) }
        _ = try Daemon(arguments).ask("mark", options)
    }
}
