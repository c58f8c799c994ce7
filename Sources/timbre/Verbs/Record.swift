// `timbre record`: records sessions, through the daemon or without it.

import AudioInput
import CommandLine
import Configuration
import Engine
import Events
import JSON
import Recording
import System

extension Command {
    static let record = Command(
        Verb(
            "record", summary: "record sessions: audio with its events",
            discussion: [
                "ACTION is sent to the daemon: 'start' begins recording, including the buffered seconds before; "
                    + "'stop' ends recording and disables all other triggers; 'auto' restores the triggers of the "
                    + "configuration; 'status' prints the state of recording. Only root and the daemon's own user may "
                    + "use these actions.",
                "With --source and --folder a source is recorded without the daemon, until its end, for "
                    + "--seconds, or until the program is interrupted. Each session is a folder with audio.flac, "
                    + "events.jsonl and session.json.",
            ],
            options: [
                .socket, Option("stream", .text("NAME"), help: "only the source of this name in the configuration"),
                Option("source", .text("SOURCE"), help: "record this source without the daemon"),
                Option("folder", .file, help: "create the session in this folder, which must exist"),
                Option("seconds", .number("SECONDS", 0.1...1e6), help: "stop after this many seconds of audio"),
                .config, .model,
            ],
            operands: [
                Operand(
                    "ACTION", .choice(RecordingAction.allCases.map(\.rawValue) + ["status"]),
                    help: "the action for the daemon",
                    isOptional: true)
            ])
    ) { arguments throws(Failure) in
        switch (arguments.operands.first, arguments.text("source"), arguments.text("folder")) {
        case (let action?, nil, nil): try tell(Daemon(arguments), action, arguments.text("stream"))
        case (nil, let source?, let folder?): try record(source, into: folder, arguments)
        default:
            throw Failure(
                "name start, stop, auto or status for the daemon, or --source and --folder to record without it", .usage
            )
        }
    }

    // MARK: Through the daemon

    private static func tell(_ daemon: Daemon, _ action: String, _ stream: String?) throws(Failure) {
        var options: [JSONValue.Member] = stream.map { [.init("source", .string($0))] } ?? []
        let before = try recordings(daemon, options)
        guard action != "status" else { return try show(before) }
        options.append(.init("action", .string(action)))
        _ = try daemon.ask("record", options)
        options.removeLast()
        // The recorder executes the action when the disk permits; a source without audio has nothing to start.
        let end = SystemClock.monotonicMilliseconds + 10_000
        var now = before
        repeat {
            _ = Signals(minding: []).wait(for: [], milliseconds: 50)
            now = try recordings(daemon, options)
        } while SystemClock.monotonicMilliseconds < end && !zip(before, now).allSatisfy { isDone(action, $0, $1) }
        try show(now)
        if let failed = now.first(where: { $0["state"]?.text == "failed" }) {
            throw Failure("recording failed: \(failed["message"]?.text ?? "")", .io)
        }
    }

    private static func isDone(_ action: String, _ before: JSONValue, _ now: JSONValue) -> Bool {
        guard let old = before["orders"]?.integer, let new = now["orders"]?.integer, new > old else { return false }
        return action != "start" || now["state"]?.text != "waiting"
    }

    private static func recordings(_ daemon: Daemon, _ options: [JSONValue.Member]) throws(Failure) -> [JSONValue] {
        let answer = try daemon.ask("record", options + [.init("action", .string("status"))])
        return answer.first { $0.name == "recordings" }?.value.elements ?? []
    }

    private static func show(_ recordings: [JSONValue]) throws(Failure) {
        for recording in recordings {
            var words = ["\(recording["name"]?.text ?? ""): \(recording["state"]?.text ?? "")"]
            if let session = recording["session"]?.text, !session.isEmpty {
                words += [session, clock(recording["seconds"]?.double ?? 0), recording["cause"]?.text ?? ""]
            }
            if let message = recording["message"]?.text, !message.isEmpty { words.append(message) }
            try Output.line(words.joined(separator: "  "))
        }
    }

    // MARK: Without the daemon

    private static func record(_ source: String, into folder: String, _ arguments: Arguments) throws(Failure) {
        let signals = Signals(minding: Signals.ending)
        var settings = try Settings(reading: arguments.text("config"))
        settings.streams = [StreamSettings(source: source)]
        settings.record.folder = folder
        settings.record.always = true
        settings.realtimePriority = 0
        let model = try BundledFile.model.replaced(by: arguments.text("model") ?? settings.modelPath)
        let limit = arguments.number("seconds") ?? .infinity
        let engine: Engine
        do throws(EngineError) {
            engine = try Engine(settings, modelPath: model)
            try engine.start()
        } catch {
            throw Failure("\(error)", error.code)
        }
        var report = RecordReport()
        while !engine.isFinished, engine.seconds < limit, report.failure == nil, signals.take().isEmpty {
            engine.drain { report.note($0) }
            for line in report.takeLines() { try Output.line(line) }
            _ = signals.wait(for: [], milliseconds: 20)
        }
        engine.stop { report.note($0) }
        for line in report.takeLines() { try Output.line(line) }
        if let failure = report.failure { throw Failure("recording failed: \(failure)", .io) }
        if let failure = engine.failure { throw Failure(failure, .noInput) }
    }
}

/// The status lines during a recording.
private struct RecordReport {
    var failure: String?
    private var lines: [String] = []

    mutating func note(_ event: Event) {
        switch event.body {
        case .recording(let change):
            if change.state == .failed { failure = change.message }
            lines.append("\(change.state.rawValue)  \(change.session)  \(change.message)")
        case .health(let health): lines.append("\(health.state.description)  \(health.message)")
        case .discontinuity(let gap):
            lines.append("gap  \(gap.reason.rawValue), \(fixed(gap.lostSeconds, decimals: 2)) s")
        default: break
        }
    }

    mutating func takeLines() -> [String] {
        defer { lines = [] }
        return lines
    }
}
