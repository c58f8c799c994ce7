// What clients may ask of the daemon beyond the events.

import Configuration
import Engine
import EventServer
import Events

/// Answers the commands that concern the engine. Delivery thread only.
final class Commands: CommandHandler {
    private let engine: Engine
    /// What is in force, shown by `status`.
    var settings: Settings
    /// Where a mark goes.
    var publish: (Event) -> Void = { _ in }

    init(_ engine: Engine, _ settings: Settings) {
        self.engine = engine
        self.settings = settings
    }

    func status() -> [JSONValue.Member] {
        engine.status + [
            .init("configuration", .object(settings.entries.map { .init($0.path, .string($0.value)) }))
        ]
    }

    func metrics() -> String { engine.metrics }

    func mark(text: String, stream: String?) -> Reply.Outcome {
        engine.mark(text, stream: stream, publish)
            ? .done([]) : .refused("there is no stream of that name yet; the streams are \(engine.streams)")
    }

    func record(_ arguments: [JSONValue.Member]) -> Reply.Outcome {
        .refused("this version does not record")
    }
}
