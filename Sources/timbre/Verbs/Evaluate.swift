// `timbre evaluate SET`: evaluates the detections in recordings with known instruments.

import CommandLine
import Evaluation
import Events
import JSON

extension Command {
    static let evaluate = Command(
        Verb(
            "evaluate", summary: "measure the recognition on recordings with known instruments",
            discussion: [
                "Every recording of the set is analysed as a stream on the path of live audio and compared with "
                    + "its reference: CSV (start,end,class), MusicNet CSV, JAMS, Audacity labels, RTTM or MIDI, and "
                    + "labels of whole recordings (a table with 1, 0, or empty for unknown).",
                "A recording with an error in its audio or its reference is reported and left out; the others "
                    + "are evaluated, and the exit status is 65. Thresholds that were tuned on recordings of the set "
                    + "are refused.",
            ],
            options: [
                .model, .config, .thresholds,
                Option("allow-tuned", help: "allow a set on which the thresholds were tuned, with a warning"),
                Option("json", .file, help: "write all figures, including those of each recording, to this file"),
                Option("csv", .file, help: "write the figures of each class to this file"),
                Option("html", .file, help: "write an HTML report with confusion matrices and timelines to this file"),
                Option(
                    "degrade", .text("LIST"),
                    help: "evaluate the set again with each of these degradations: \(Degradation.words)"),
                .jobs, .resume, .collar, .gap, .quiet,
            ],
            operands: [.set])
    ) { arguments throws(Failure) in
        let recognizer = try Recognizer(
            model: arguments.text("model"), config: arguments.text("config"), thresholds: arguments.text("thresholds"))
        let degradations = try degradations(arguments)
        let batch = try BatchEvaluation(arguments.operands[0], recognizer: recognizer)
        let tuned = try batch.tuned(isAllowed: arguments.flag("allow-tuned"))
        var saved = try batch.evaluate(arguments, set: arguments.operands[0], tuned: tuned)
        for degradation in degradations {
            let worse = try batch.degraded(by: degradation).evaluate(
                arguments, set: arguments.operands[0], tuned: tuned)
            saved.leftOut += worse.leftOut.filter { !saved.leftOut.contains($0) }
            saved.degraded.append(
                Robustness(degradation.name, clean: saved.evaluation, degraded: worse.evaluation))
        }
        try write(saved, arguments)
        try Output.closing(
            head(saved) + EvaluationTable(evaluation: saved.evaluation).lines
                + RobustnessTable(clean: saved.evaluation, degraded: saved.degraded).lines)
        try finish(saved)
    }

    /// Returns the degradations that `--degrade` names, each once.
    private static func degradations(_ arguments: Arguments) throws(Failure) -> [Degradation] {
        var found: [Degradation] = []
        for name in (arguments.text("degrade") ?? "").split(separator: ",") {
            let degradation = try Degradation(String(name))
            if !found.contains(degradation) { found.append(degradation) }
        }
        return found
    }

    private static func head(_ saved: SavedResults) -> [String] {
        let recordings = saved.evaluation.recordings
        let minutes = fixed(recordings.reduce(0) { $0 + $1.duration } / 60, decimals: 1)
        let facts = saved.facts.compactMap { fact in
            (fact.value.text ?? fact.value.double.map { "\($0)" }).map { fitted(fact.name, 18) + $0 }
        }
        return facts + [fitted("recordings", 18) + "\(recordings.count), \(minutes) min", ""]
    }

    private static func write(_ saved: SavedResults, _ arguments: Arguments) throws(Failure) {
        if let path = arguments.text("json") { try Output.file(saved.json, to: path) }
        if let path = arguments.text("csv") { try Output.file(saved.evaluation.csv, to: path) }
        if let path = arguments.text("html") {
            let page = EvaluationPage(saved, families: InstrumentFamilies.names)
            try Output.file(Array(page.html.utf8), to: path)
        }
    }

    /// Lists the recordings that were left out; an incomplete set is not a success.
    private static func finish(_ saved: SavedResults) throws(Failure) {
        guard !saved.leftOut.isEmpty else { return }
        try Output.closing(["Left out: \(saved.leftOut.count)"] + saved.leftOut.map { "  \($0.problem)" })
        throw Failure("\(saved.leftOut.count) recordings of the set were left out; the figures cover the rest", .data)
    }
}

extension BatchEvaluation {
    /// Returns the number of recordings of the set on which the thresholds were tuned; throws for any such recording
    /// unless that is allowed.
    func tuned(isAllowed: Bool) throws(Failure) -> Int {
        let known = recognizer.thresholds?.recordings ?? []
        let count = recordings.count { known.contains($0.sha256) }
        guard count == 0 || isAllowed else {
            throw Failure(
                "\(recognizer.thresholdsPath ?? "") was tuned on \(count) of the \(recordings.count) recordings of this set, so "
                    + "the figures would be too high; evaluate on other recordings, or use --allow-tuned", .usage)
        }
        return count
    }

    /// Processes and evaluates the set; `set` is its name on the command line, and `folder` that of the transcripts,
    /// `--resume` where it is nil.
    func evaluate(
        _ arguments: Arguments, set: String, tuned: Int, folder: String? = nil
    ) throws(Failure) -> SavedResults {
        let settings = EvaluationSettings(arguments)
        let (results, leftOut) = try run(
            jobs: arguments.jobs, folder: folder ?? arguments.text("resume"), isQuiet: arguments.flag("quiet")
        ) { recording in
            RecordingResult(
                name: recording.item.name, sha256: recording.sha256, heard: recording.heard,
                reference: recording.reference, settings: settings)
        }
        guard !results.isEmpty else {
            throw Failure("no recording could be evaluated: \(leftOut.first?.problem ?? "the set is empty")", .data)
        }
        var facts: [JSONValue.Member] = [
            .init("set", .string(set)), .init("model", .string(recognizer.name)),
            .init("model sha256", .string(recognizer.sha256)),
            .init("precision", .string(recognizer.models.precision.rawValue)),
        ]
        if let path = recognizer.thresholdsPath { facts.append(.init("thresholds", .string(path))) }
        if tuned > 0 {
            facts.append(.init("warning", .string("thresholds were tuned on \(tuned) of these recordings")))
        }
        facts += [
            .init("collar", .string("\(settings.matching.onset) s, offsets half of an event where that is more")),
            .init("pauses", .string("shorter than \(settings.gap) s belong to an event")),
        ]
        return SavedResults(
            facts: facts, evaluation: Evaluation(classes: recognizer.classes, recordings: results), leftOut: leftOut)
    }
}
