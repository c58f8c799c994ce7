// `timbre export`: writes the results in the formats of other programs.

import Annotations
import CommandLine
import Glibc
import WholeFiles

extension Command {
    static let export = Command(
        Verb(
            "export", summary: "write detections in the formats of other programs, or activities as arrays",
            discussion: [
                "INPUT is the folder of a recorded session, a file of events written by 'timbre replay' or "
                    + "'timbre listen' (its name ends in .jsonl), or an audio file, which is replayed first.",
                annotationFormats + " A file named with --out is written completely or not at all.",
                "npz (for NumPy) and activities-csv contain the activity of every class instead: at every hop "
                    + "for an audio file, at the rate of its activity lines for a file of events.",
            ],
            options: [
                Option(
                    "format", short: "f", .choice(names), help: "the format to write"),
                Option("out", short: "o", .file, help: "write to this file instead of standard output"),
                Option("stream", short: "s", .text("NAME"), help: "the stream to write, if INPUT has several"),
                .model, .config,
                Option(
                    "channels", .text("CHANNELS"), help: "mix (default), each as a stream, or one channel by number"),
                Option("quiet", short: "q", help: "do not show progress"),
            ],
            operands: [Operand("INPUT", .file, help: "a session, a file of events or an audio file")])
    ) { arguments throws(Failure) in
        guard let format = arguments.text("format").flatMap(ResultFormat.init) else {
            throw Failure("--format is missing; it is one of \(names.joined(separator: ", "))", .usage)
        }
        let out = arguments.text("out")
        if !format.isText, out == nil, isatty(STDOUT_FILENO) == 1 {
            throw Failure(
                "\(arguments.text("format") ?? "") is a binary format and is not written to a terminal: name a file with --out",
                .usage)
        }
        let bytes = try bytes(format, arguments)
        if let out {
            try Output.file(bytes, to: out)
        } else {
            try Output.bytes(bytes)
        }
    }

    /// The descriptions of formats whose names are not sufficient.
    private static var annotationFormats: String {
        let meanings = ExportFormat.all.compactMap { format in format.meaning.map { "\(format) is \($0)." } }
        let marked = ExportFormat.all.filter(\.carriesMarks).map(\.name)
        let list = marked.dropLast().joined(separator: ", ") + " and " + (marked.last ?? "")
        return (meanings + ["\(list) contain marks; the other formats do not support them."]).joined(separator: " ")
    }

    private static let names = ResultFormat.all.filter { $0.format != .events }.map(\.name)

    private static func bytes(_ format: ResultFormat, _ arguments: Arguments) throws(Failure) -> [UInt8] {
        let isActivities = if case .activities = format { true } else { false }
        let heard = try Detections(
            arguments.operands[0], arguments, activityRate: isActivities ? Recognizer.everyHop : 0,
            everyHop: isActivities)
        let stream = try heard.stream(named: arguments.text("stream"))
        switch format {
        case .activities(let format):
            guard let bytes = format.encode(try heard.activities(of: stream)) else {
                throw Failure("the activities exceed the limit of npz, 4 GiB: use activities-csv", .data)
            }
            return bytes
        case .annotations(let format):
            let set = heard.log.annotations(of: stream, until: heard.duration)
            if !format.carriesMarks, !set.marks.isEmpty {
                Output.complain(
                    "timbre: \(format) does not support marks; \(set.marks.count) are left out")
            }
            return format.encode(set, about: .init(title: heard.title, software: heard.software))
        case .events: throw Failure("export does not write events; 'timbre replay' does", .usage)
        }
    }
}
