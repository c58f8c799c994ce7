// `timbre export`: writes the results in the formats of other programs.

import Annotations
import CommandLine
import Glibc
import WholeFiles

extension Command {
    static let export = Command(
        Verb(
            "export", summary: "write what was heard in the formats of other programs, or as arrays",
            discussion: [
                "INPUT is the folder of a recorded session, a file of events that 'timbre replay' or 'timbre listen' wrote "
                    + "(its name ends in .jsonl), or an audio file, which is replayed first.",
                annotationFormats + " A file named with --out is written whole or not at all.",
                "npz (for NumPy) and activities-csv have the activity of every class instead: at every hop of an audio "
                    + "file, or as often as a file of events has it.",
            ],
            options: [
                Option(
                    "format", short: "f", .choice(names), help: "the format to write"),
                Option("out", short: "o", .file, help: "write here instead of to standard output"),
                Option("stream", short: "s", .text("NAME"), help: "the stream to write, where there are several"),
                .model, .config,
                Option("channels", .text("CHANNELS"), help: "mix (as without it), each as a stream, or one by number"),
                Option("quiet", short: "q", help: "show no progress"),
            ],
            operands: [Operand("INPUT", .file, help: "a session, a file of events or an audio file")])
    ) { arguments throws(Failure) in
        guard let format = arguments.text("format").flatMap(ResultFormat.init) else {
            throw Failure("--format is missing; it is one of \(names.joined(separator: ", "))", .usage)
        }
        let out = arguments.text("out")
        if !format.isText, out == nil, isatty(STDOUT_FILENO) == 1 {
            throw Failure("\(arguments.text("format") ?? "") is not for a terminal: name a file with --out", .usage)
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
        return (meanings + ["Marks go into \(list), the others have no place for them."]).joined(separator: " ")
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
                throw Failure("the activities are more than the 4 GiB that npz can hold: take activities-csv", .data)
            }
            return bytes
        case .annotations(let format):
            let set = heard.log.annotations(of: stream, until: heard.duration)
            if !format.carriesMarks, !set.marks.isEmpty {
                Output.complain(
                    "timbre: \(format) has no place for the \(set.marks.count) marks; they are left out")
            }
            return format.encode(set, about: .init(title: heard.title, software: heard.software))
        case .events: throw Failure("'timbre replay' writes events", .usage)
        }
    }
}
