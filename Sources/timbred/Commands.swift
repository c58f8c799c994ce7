// Answers the clients' commands.

import Configuration
import Engine
import EventServer
import Events
import JSON
import Recording

/// Answers the commands that concern the engine. Delivery thread only.
final class Commands: CommandHandler {
    private let engine: Engine
    /// The settings in force, which `status` returns.
    var settings: Settings
    /// Receives the events of marks.
    var publish: (Event) -> Void = { _ in }

    init(_ engine: Engine, _ settings: Settings) {
        self.engine = engine
        self.settings = settings
    }

    func status() -> [JSONValue.Member] {
        engine.status + [
            .init("recordings", .array((engine.recordings ?? []).map(\.report))),
            .init("configuration", .object(settings.entries.map { .init($0.path, .string($0.value)) })),
        ]
    }

    func metrics() -> String { engine.metrics }

    func mark(text: String, stream: String?) -> Reply.Outcome {
        engine.mark(text, stream: stream, publish)
            ? .done([]) : .refused("there is no stream of this name; the streams are \(engine.streams)")
    }

    func record(_ arguments: [JSONValue.Member]) -> Reply.Outcome {
        guard let statuses = engine.recordings else {
            return .refused("recording is not configured: set folder under [record] in the configuration and restart")
        }
        var action: String?
        var source: String?
        for argument in arguments {
            switch (argument.name, argument.value) {
            case ("action", .string(let text)): action = text
            case ("source", .string(let text)): source = text
            default:
                return .refused(
                    "\"\(argument.name)\" is not a valid argument: expected \"action\" and \"source\", both strings")
            }
        }
        guard source == nil || statuses.contains(where: { $0.name == source }) else {
            return .refused("\"source\" must be one of \(statuses.map(\.name).joined(separator: ", "))")
        }
        if let asked = action.flatMap(RecordingAction.init(rawValue:)) {
            _ = engine.record(asked, source: source)
            return .done([])
        }
        guard action == "status" else {
            return .refused("\"action\" must be start, stop, auto or status")
        }
        let wanted = statuses.filter { source == nil || $0.name == source }
        return .done([
            .init("folder", .string(settings.record.folder ?? "")),
            .init("recordings", .array(wanted.map(\.report))),
        ])
    }
}
