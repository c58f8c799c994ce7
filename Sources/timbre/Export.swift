// `timbre export`: what was heard, in the formats of other programs.

import Annotations
import CommandLine
import Glibc
import WholeFiles

extension Command {
    static let export = Command(
        Verb(
            "export", summary: "write what was heard as JAMS, Audacity labels, CSV, RTTM, MIDI or WebVTT",
            discussion: [
                "INPUT is the folder of a recorded session, a file of events that 'timbre replay' or 'timbre listen' wrote "
                    + "(its name ends in .jsonl), or an audio file, which is replayed first.",
                "sv is a region layer of Sonic Visualiser. Marks go into jams, audacity, midi and webvtt, the others have no "
                    + "place for them. A file named with --out is written whole or not at all.",
            ],
            options: [
                Option(
                    "format", short: "f", .choice(ExportFormat.allCases.map(\.rawValue)), help: "the format to write"),
                Option("out", short: "o", .file, help: "write here instead of to standard output"),
                Option("stream", short: "s", .text("NAME"), help: "the stream to write, where there are several"),
                .model, .config,
                Option("channels", .text("CHANNELS"), help: "mix (as without it), each as a stream, or one by number"),
                Option("quiet", short: "q", help: "show no progress"),
            ],
            operands: [Operand("INPUT", .file, help: "a session, a file of events or an audio file")])
    ) { arguments throws(Failure) in
        guard let format = arguments.text("format").flatMap(ExportFormat.init) else {
            let known = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw Failure("--format is missing; it is one of \(known)", .usage)
        }
        let out = arguments.text("out")
        if format == .midi, out == nil, isatty(STDOUT_FILENO) == 1 {
            throw Failure("midi is not for a terminal: name a file with --out", .usage)
        }
        let heard = try Heard(arguments.operands[0], arguments, activityRate: 0)
        let set = heard.log.annotations(of: try heard.stream(named: arguments.text("stream")), until: heard.duration)
        let bytes = format.encode(set, about: .init(title: heard.title, software: heard.software))
        if !format.carriesMarks, !set.marks.isEmpty {
            Output.complain(
                "timbre: \(format.rawValue) has no place for the \(set.marks.count) marks; they are left out")
        }
        if let out {
            try Output.file(bytes, to: out)
        } else {
            guard WholeFile.writeAll(bytes, to: STDOUT_FILENO) else { throw Output.failure(errno) }
        }
    }
}
