// `timbre tune SET`: finds the best threshold for every instrument on a development set.

import CommandLine
import Engine
import Evaluation
import Models

extension Command {
    static let tune = Command(
        Verb(
            "tune", summary: "choose thresholds on recordings with known instruments",
            discussion: [
                "For every instrument the threshold with the best F1 among 0.01, 0.02, ... 0.99 is chosen: over "
                    + "frames if its references have times, otherwise over whole recordings and their highest "
                    + "activity. The ratio of the off threshold to the on threshold is that of the model. Instruments "
                    + "that are present in too few recordings, or absent from none, keep the thresholds of the model.",
                "The file contains [instrument.NAME] tables: name it with 'thresholds' under [events] in the "
                    + "configuration. It also lists the recordings that were used, and 'timbre evaluate' refuses to "
                    + "evaluate on them.",
            ],
            options: [
                .model, .config, Option("out", short: "o", .file, help: "write the thresholds to this file"),
                Option(
                    "beta", .number("BETA", 0.1...10),
                    help: "use F-beta instead of F1: below 1 favours precision, above 1 recall"),
                Option(
                    "from", .choice(["frames", "recordings"]),
                    help: "use only frames or only recordings (default: frames where possible)"),
                Option(
                    "least", .integer("N", 1...1_000_000),
                    help: "skip instruments that are present in fewer recordings (default: 5)"),
                .jobs, .resume, .quiet,
            ],
            operands: [.set])
    ) { arguments throws(Failure) in
        let recognizer = try Recognizer(
            model: arguments.text("model"), config: arguments.text("config"), thresholds: nil)
        let model = recognizer.models.file.description
        let batch = try BatchEvaluation(arguments.operands[0], recognizer: recognizer)
        let (parts, leftOut) = try batch.run(
            jobs: arguments.jobs, folder: arguments.text("resume"), isQuiet: arguments.flag("quiet"),
            judge: TuningMaterial.init)
        var material = TuningMaterial(classes: recognizer.classes)
        for part in parts { material.append(part) }

        var choices: [TunedThresholds.Choice] = []
        var lines = [fitted("", 18) + "    was  chosen      F1  from"]
        for (index, name) in recognizer.classes.enumerated() {
            let (on, off) = (Double(model.thresholds.on[index]), Double(model.thresholds.off[index]))
            let was = fitted(name, 18) + padded(fixed(on, decimals: 3), 7)
            let presences = material.presences[index]
            guard presences >= arguments.integer("least") ?? 5 else {
                lines.append(was + "       -       -  in \(presences) recordings, too few")
                continue
            }
            guard
                let found = material.best(
                    index, beta: arguments.number("beta") ?? 1, from: arguments.text("from"))
            else {
                lines.append(was + "       -       -  not decidable on this set")
                continue
            }
            let best = found.best
            choices.append(
                TunedThresholds.Choice(
                    instrument: name, on: best.threshold, off: thousandths(best.threshold * off / on),
                    remark:
                        "F1 \(fixed(best.counts.f1, decimals: 3)) from \(found.source); model \(fixed(on, decimals: 3))"
                ))
            lines.append(
                was + padded(fixed(best.threshold, decimals: 2), 8) + padded(fixed(best.counts.f1, decimals: 3), 8)
                    + "  " + found.source)
        }
        if let path = arguments.text("out") {
            try write(choices, batch, to: path)
            lines.append("\n\(choices.count) thresholds written to \(path)")
        }
        try Output.closing(lines + leftOut.map { "left out: \($0.problem)" })
        guard !leftOut.isEmpty else { return }
        throw Failure(
            "\(leftOut.count) recordings of the set were left out; the thresholds were chosen on the rest", .data)
    }

    /// Rounds to thousandths, but not below the lowest value that the configuration accepts.
    private static func thousandths(_ value: Double) -> Double { max(0.001, (value * 1000).rounded() / 1000) }

    private static func write(
        _ choices: [TunedThresholds.Choice], _ batch: BatchEvaluation, to path: String
    ) throws(Failure) {
        let text = TunedThresholds.text(
            head: [
                "Thresholds chosen by 'timbre tune'; timbre \(Engine.version).",
                "Model \(batch.recognizer.name), sha256 \(batch.recognizer.sha256), precision \(batch.recognizer.models.precision).",
                "To use them: thresholds = \(path) under [events] in timbred.conf.",
            ], choices: choices, recordings: batch.recordings)
        try Output.file(Array(text.utf8), to: path)
    }
}
