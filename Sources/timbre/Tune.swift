// `timbre tune SET`: the best threshold for every instrument on a development set.

import CommandLine
import Engine
import Evaluation
import Models

extension Command {
    static let tune = Command(
        Verb(
            "tune", summary: "choose thresholds on recordings with known instruments",
            discussion: [
                "For every instrument the threshold of best F1 is chosen among 0.01, 0.02, ... 0.99: over the frames where "
                    + "the reference knows its times, otherwise over whole recordings and their highest activity. It goes "
                    + "off at the same share of that as the model has it. Instruments that the set cannot tell keep what "
                    + "the model says.",
                "The file holds [instrument.NAME] tables: name it with 'thresholds' under [events] in the configuration. It "
                    + "also lists the recordings it was chosen on, and 'timbre evaluate' refuses to report on them.",
            ],
            options: [
                .model, .config, Option("out", short: "o", .file, help: "write the thresholds to this file"),
                Option(
                    "beta", .number("BETA", 0.1...10),
                    help: "F-beta instead of F1: below 1 precision counts more, above 1 recall"),
                .jobs, .resume, .quiet,
            ],
            operands: [.set])
    ) { arguments throws(Failure) in
        let ear = try Ear(model: arguments.text("model"), config: arguments.text("config"), thresholds: nil)
        let model = try ModelFile(at: ear.path).description
        let hearing = try SetHearing(arguments.operands[0], ear: ear)
        let (parts, leftOut) = try hearing.run(
            jobs: arguments.jobs, folder: arguments.text("resume"), isQuiet: arguments.flag("quiet"),
            judge: TuningMaterial.init)
        var material = TuningMaterial(classes: ear.classes)
        for part in parts { material.append(part) }

        var choices: [TunedThresholds.Choice] = []
        try Output.line(fitted("", 18) + "    was  chosen      F1  from")
        for (index, name) in ear.classes.enumerated() {
            let (on, off) = (Double(model.thresholds.on[index]), Double(model.thresholds.off[index]))
            let was = fitted(name, 18) + padded(fixed(on, decimals: 3), 7)
            guard let found = material.best(index, beta: arguments.number("beta") ?? 1) else {
                try Output.line(was + "       -       -  the set cannot tell")
                continue
            }
            let best = found.best
            choices.append(
                TunedThresholds.Choice(
                    instrument: name, on: best.threshold, off: thousandths(best.threshold * off / on),
                    remark:
                        "F1 \(fixed(best.counts.f1, decimals: 3)) from \(found.source); the model has \(fixed(on, decimals: 3))"
                ))
            try Output.line(
                was + padded(fixed(best.threshold, decimals: 2), 8) + padded(fixed(best.counts.f1, decimals: 3), 8)
                    + "  " + found.source)
        }
        try write(choices, hearing, arguments)
        guard !leftOut.isEmpty else { return }
        for one in leftOut { try Output.line("left out: \(one.problem)") }
        throw Failure("\(leftOut.count) of the set were left out; the choice was made on the rest", .data)
    }

    /// Not below what the configuration takes.
    private static func thousandths(_ value: Double) -> Double { max(0.001, (value * 1000).rounded() / 1000) }

    private static func write(
        _ choices: [TunedThresholds.Choice], _ hearing: SetHearing, _ arguments: Arguments
    ) throws(Failure) {
        guard let path = arguments.text("out") else { return }
        let text = TunedThresholds.text(
            head: [
                "Thresholds that 'timbre tune' chose; timbre \(Engine.version).",
                "Model \(hearing.ear.name), sha256 \(hearing.ear.sha256).",
                "To use them: thresholds = \(path) under [events] in timbred.conf.",
            ], choices: choices, recordings: hearing.recordings)
        do throws(EvaluationError) {
            try FileContent.write(Array(text.utf8), to: path)
        } catch {
            throw Failure(error.description, .io)
        }
        try Output.line("\n\(choices.count) thresholds written to \(path)")
    }
}

/// What a choice of thresholds is made from.
struct TuningMaterial: Sendable {
    /// Activities of all frames whose truth is known.
    private var frames: [ThresholdSearch]
    /// The highest activity of each recording of which it is known whether the class is present.
    private var clips: [ThresholdSearch]

    /// Nothing yet.
    init(classes: [String]) {
        frames = classes.map { _ in ThresholdSearch() }
        clips = frames
    }

    /// What one recording says.
    init(_ recording: HeardRecording) {
        let heard = recording.heard
        self.init(classes: heard.classes)
        for (index, name) in heard.classes.enumerated() {
            let activity = heard.activity(of: index)
            if let truth = recording.reference.spans[name] {
                let roll = Segments.roll(truth, resolution: heard.hopSeconds, count: activity.count)
                for (label, value) in zip(roll, activity) { frames[index].append(label, Double(value)) }
            }
            if let isPresent = recording.reference.presence[name] {
                clips[index].append(isPresent, Double(activity.max() ?? 0))
            }
        }
    }

    /// Takes what other recordings say.
    mutating func append(_ other: TuningMaterial) {
        for index in frames.indices {
            frames[index].append(other.frames[index])
            clips[index].append(other.clips[index])
        }
    }

    /// The best threshold of a class and what it was chosen from; nil where the set cannot tell.
    func best(_ index: Int, beta: Double) -> (best: ThresholdSearch.Best, source: String)? {
        for (search, source) in [(frames[index], "frames"), (clips[index], "recordings")] {
            if search.hasPositives, search.hasNegatives, let best = search.best(beta: beta), best.counts.hits > 0 {
                return (best, source)
            }
        }
        return nil
    }
}
