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
            "annotate", summary: "hear many recordings and keep what sounds in them",
            discussion: [
                "INPUT is an audio file, a folder with all that is below it, or - for a list of paths on standard input. The "
                    + "results of a recording lie in the folder --out under its own name: its path below INPUT, or its path "
                    + "in the list, followed by the ending of the format.",
                "NAME.timbre.json sums a recording up and is written last; recordings.csv has the seconds of every "
                    + "instrument in every recording, and failed.csv says which could not be heard and why. One that "
                    + "failed does not stop the others; the exit status is 65 then.",
                "Each result is written whole or not at all, and is the same however many recordings are heard at once. A "
                    + "run that was broken off goes on with --resume: recordings are passed over whose results are there, "
                    + "are newer than the audio and were made with the same model and settings.",
            ],
            options: [
                Option("out", short: "o", .file, help: "the folder for the results; it is made where it is missing"),
                Option(
                    "format", short: "f", .list("FORMATS", ResultFormat.all.map(\.name)),
                    help: "what to write, separated by commas; jams without it"),
                .jobs,
                Option("resume", help: "keep results that are there already"),
                Option(
                    "manifest", .file,
                    help:
                        "a table with a column audio, with paths relative to it, and perhaps a column name for results"),
                .model, .config, .thresholds,
                Option("channels", .text("CHANNELS"), help: "mix (as without it), or one channel by number"),
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
                "--channels each is for replay and export: annotate a channel at a time, each into a folder of its own",
                .usage)
        }
        guard !arguments.operands.isEmpty || arguments.text("manifest") != nil else {
            throw Failure("name recordings or folders, or a --manifest", .usage)
        }
        let list = try AudioList(arguments.operands, manifest: arguments.text("manifest"))
        guard !list.items.isEmpty || !list.leftOut.isEmpty else {
            throw Failure("\(arguments.operands.joined(separator: ", ")): there are no recordings", .noInput)
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
            throw Failure("\(error.path): the folder cannot be made: \(error.reason)", .io)
        }
        try AnnotationRun(list: list, job: job).run(jobs: arguments.jobs, isQuiet: arguments.flag("quiet"))
    }
}
