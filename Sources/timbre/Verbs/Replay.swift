// `timbre replay FILE`: prints the events of a recording.

import AudioInput
import CommandLine
import Events
import Glibc
import System

extension Command {
    static let replay = Command(
        Verb(
            "replay", summary: "print the events of a recording as JSON lines",
            discussion: [
                "The recording is processed on the path of live audio, as fast as possible; every run prints "
                    + "the same lines. Progress is shown on standard error if it is a terminal."
            ],
            options: [
                .model, .config,
                Option(
                    "channels", .text("CHANNELS"), help: "mix (default), each as a stream, or one channel by number"),
                Option(
                    "activity", short: "a", .number("RATE", 0...1000), help: "activity lines per second (default: none)"
                ),
                Option("realtime", short: "r", help: "replay in real time"),
                Option("quiet", short: "q", help: "do not show progress"),
            ],
            operands: [
                Operand(
                    "FILE", .file,
                    help: "WAV, FLAC, Ogg, Opus, MP3, AIFF, m4a, ...; - or stdin:s16le:44100:2 for raw samples")
            ])
    ) { arguments throws(Failure) in
        let signals = Signals(minding: Signals.ending)
        let file = arguments.operands[0]
        let recording = try Recording(
            file, arguments, activityRate: arguments.number("activity") ?? 0, realtime: arguments.flag("realtime"))
        var bar = ProgressBar(duration: SourceSpecification.file(path: file).duration, isQuiet: arguments.flag("quiet"))
        var sink = LineSink(descriptor: STDOUT_FILENO)
        var refused: Int32 = 0
        var isStopped = false
        defer { bar.clear() }
        try recording.play {
            isStopped = isStopped || !signals.take().isEmpty
            return isStopped || refused != 0
        } progress: { seconds in
            bar.show(seconds, now: SystemClock.monotonicSeconds)
        } emit: { event in
            if refused == 0 { refused = sink.write(event) }
        }
        if refused != 0 { throw Output.failure(refused) }
    }
}
