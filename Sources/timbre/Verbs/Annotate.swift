// `timbre annotate INPUT...`: annotates many recordings.

import Annotations
import CommandLine
import Configuration
import Evaluation
import Glibc
import WholeFiles

extension Command {
    static let annotate = Command(
        Verb(
            "annotate", summary: "annotate recordings and write the results to files",
            discussion: [
                "INPUT is an audio file, a folder, which is searched recursively, or - for a list of paths on "
                    + "standard input. The results of a recording are written to the folder --out under the "
                    + "recording's name: its path below INPUT, or its path in the list, followed by the suffix of the "
                    + "format.",
                "NAME.timbre.json is the summary of a recording and is written last. recordings.csv lists the "
                    + "seconds of every instrument in every recording. failed.csv lists the recordings that could not "
                    + "be annotated, with the reasons. A failed recording does not stop the others; the exit status "
                    + "is then 65.",
                "Each result is written completely or not at all, and does not depend on --jobs. --resume "
                    + "continues an interrupted run: it skips recordings whose results exist, are newer than the "
                    + "audio and were made from the same audio with the same model and settings. The summary of a "
                    + "recording that now fails is removed.",
            ],
            options: [
                Option(
                    "out", short: "o", .file, help: "write the results to this folder; it is created if it is missing"),
                Option(
                    "format", short: "f", .list("FORMATS", ResultFormat.all.map(\.name)),
                    help: "formats to write, separated by commas (default: jams)"),
                .jobs,
                Option("resume", help: "skip recordings that already have results"),
                Option(
                    "manifest", .file,
                    help:
                        "a table with a column audio (paths relative to the table) and, optionally, a column name"),
                .model, .config, .thresholds,
                Option("channels", .text("CHANNELS"), help: "mix (default), or one channel by number"),
                .quiet,
            ],
            operands: [
                Operand("INPUT", .file, help: "a recording, a folder, or - for a list", isOptional: true, repeats: true)
            ])
    ) { arguments throws(Failure) in
        guard let folder = arguments.text("out") else {
            throw Failure("--out is missing: name a folder for the results", .usage)
        }
        let channels = try Recording.channels(arguments.text("channels"))
        guard channels != .each else {
            throw Failure(
                "annotate does not support --channels each: annotate each channel separately, into its own folder",
                .usage)
        }
        guard !arguments.operands.isEmpty || arguments.text("manifest") != nil else {
            throw Failure("INPUT is missing: name recordings or folders, or a table with --manifest", .usage)
        }
        let list = try AudioList(arguments.operands, manifest: arguments.text("manifest"))
        if list.items.isEmpty, let problem = list.leftOut.first?.problem, list.leftOut.count == 1 {
            throw Failure(problem, .noInput)
        }
        guard !list.items.isEmpty || !list.leftOut.isEmpty else {
            throw Failure("\(arguments.operands.joined(separator: ", ")): no recordings found", .noInput)
        }
        let job = AnnotationJob(
            recognizer: try Recognizer(
                model: arguments.text("model"), config: arguments.text("config"),
                thresholds: arguments.text("thresholds"), keepsTags: true),
            channels: channels,
            formats: (arguments.list("format") ?? ["jams"]).compactMap(ResultFormat.init),
            folder: folder, resumes: arguments.flag("resume"))
        do throws(FileFailure) {
            try Folder.make(folder)
        } catch {
            throw Failure("\(error.path): the folder cannot be created: \(error.reason)", .io)
        }
        try AnnotationRun(list: list, job: job).run(jobs: arguments.jobs, isQuiet: arguments.flag("quiet"))
    }
}
