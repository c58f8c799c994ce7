// `timbre listen`: prints the daemon's lines as they arrive.

import CommandLine
import EventServer
import Events
import JSON
import Models

extension Command {
    static let listen = Command(
        Verb(
            "listen", summary: "print the daemon's lines as they arrive",
            discussion: [
                "timbre-events(7) documents the lines. With filters, hello is still the first line and only "
                    + "selected lines follow, so that the line numbers have gaps."
            ],
            options: [
                .socket,
                Option("type", short: "t", .list("TYPES", timedKinds), help: "only lines of these types"),
                Option(
                    "instrument", short: "i", .openList("NAMES", InstrumentClass.allCases.map(\.rawValue)),
                    help: "only these instruments"),
                Option("stream", short: "s", .openList("NAMES", []), help: "only these streams"),
                Option("minimum-confidence", .number("VALUE", 0...1), help: "omit detections with a lower confidence"),
                Option("rate", short: "r", .number("RATE", 0...1000), help: "activity lines per second (default: 10)"),
            ])
    ) { arguments throws(Failure) in
        let daemon = Daemon(arguments)
        let client = try daemon.connect()
        let options = options(arguments)
        if !options.isEmpty { try client.request("subscribe", options) }
        var isFiltered = options.isEmpty
        while case .line(let line) = try client.next(withinMilliseconds: -1) {
            if isFiltered {
                try Output.line(line)
                continue
            }
            guard let event = try? NumberedEvent(line: line).event else { continue }
            switch event.body {
            case .hello: try Output.line(line)
            case .reply(let reply):
                _ = try reply.members()
                isFiltered = true
            default: break
            }
        }
        throw Failure("\(daemon.path): the daemon closed the connection", .unavailable)
    }

    private static let timedKinds = EventKind.allCases.filter(\.isSubscribable).map(\.rawValue)

    private static func options(_ arguments: Arguments) -> [JSONValue.Member] {
        var options: [JSONValue.Member] = []
        for (option, name) in [("type", "types"), ("instrument", "instruments"), ("stream", "streams")] {
            if let words = arguments.list(option) { options.append(.init(name, .array(words.map { .string($0) }))) }
        }
        for (option, name) in [("minimum-confidence", "minimum_confidence"), ("rate", "activity_rate")] {
            if let value = arguments.number(option) { options.append(.init(name, .number(value))) }
        }
        return options
    }
}
