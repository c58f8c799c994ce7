// `timbre demo`: the bundled recording, as a live view or as a timeline.

import CommandLine
import Engine
import Events

extension Command {
    static let demo = Command(
        Verb(
            "demo", summary: "replay the bundled recording and show the detected instruments",
            discussion: [
                "On a terminal the recording is replayed in real time in the view of 'timbre watch'; q quits. "
                    + "Without a terminal, and with --fast, the detections are printed as a timeline. A chart of the "
                    + "whole recording follows."
            ],
            options: [.model, .config, Option("fast", short: "f", help: "replay as fast as possible")],
            operands: [
                Operand("FILE", .file, help: "a recording to replay instead of the bundled one", isOptional: true)
            ])
    ) { arguments throws(Failure) in
        let file = try BundledFile.demo.replaced(by: arguments.operands.first)
        let isLive = Terminal.isPresent && !arguments.flag("fast")
        let recording = try Recording(file, arguments, activityRate: isLive ? 30 : 10, realtime: isLive)
        var timeline = Timeline()
        if isLive {
            try watch(recording, &timeline)
        } else {
            try tell(recording, &timeline)
        }
        let width = Terminal.isPresent ? min(100, Terminal.size.width) : 80
        for line in timeline.chart(width: width) { try Output.line(line) }
    }

    private static func watch(_ recording: Recording, _ timeline: inout Timeline) throws(Failure) {
        let view = LiveView(stream: nil)
        defer { view.close() }
        try recording.play {
            view.isDone
        } progress: { _ in
            _ = view.turn(milliseconds: 0)
        } emit: { event in
            view.apply(event)
            _ = timeline.apply(event)
        }
    }

    private static func tell(_ recording: Recording, _ timeline: inout Timeline) throws(Failure) {
        var failure: Failure?
        try recording.play {
            failure != nil
        } progress: { _ in
        } emit: { event in
            guard let line = timeline.apply(event), failure == nil else { return }
            do throws(Failure) {
                try Output.line(line)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        try Output.line("")
    }
}
