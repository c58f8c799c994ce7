// `timbre status`: prints the state of the daemon.

import CommandLine
import Events
import JSON

extension Command {
    static let status = Command(
        Verb(
            "status", summary: "print the state of the daemon and its sources",
            options: [
                .socket, Option("json", help: "print the answer as one JSON line"),
                Option("metrics", help: "print the counters in the Prometheus text format"),
            ])
    ) { arguments throws(Failure) in
        let daemon = Daemon(arguments)
        if arguments.flag("metrics") {
            let text = try daemon.ask("metrics").first { $0.name == "metrics" }?.value.text
            return try Output.write(text ?? "")
        }
        let status = try daemon.ask("status").first { $0.name == "status" }?.value ?? .object([])
        if arguments.flag("json") {
            var writer = JSONWriter()
            writer.value(status)
            return try Output.line(String(decoding: writer.bytes, as: UTF8.self))
        }
        for line in outline(status) { try Output.line(line) }
    }

    /// Returns a JSON value as indented lines, one per member; elements of a list of objects are separated.
    static func outline(_ value: JSONValue, indent: String = "") -> [String] {
        switch value {
        case .object(let members):
            let width = members.map(\.name.count).max() ?? 0
            return members.flatMap { member in
                switch member.value {
                case .object, .array: [indent + member.name] + outline(member.value, indent: indent + "  ")
                default: [indent + fitted(member.name, width + 2) + plain(member.value)]
                }
            }
        case .array(let elements):
            return elements.flatMap { outline($0, indent: indent) }
        default: return [indent + plain(value)]
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        switch value {
        case .null: "-"
        case .bool(let flag): flag ? "yes" : "no"
        case .string(let text): text
        case .number(let number): value.integer.map { String($0) } ?? fixed(number, decimals: 3)
        case .object, .array: ""
        }
    }
}
