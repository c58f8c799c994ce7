// `timbre compare A B`: compares two models or settings on the same recordings.

import CommandLine
import Digests
import Evaluation

extension Command {
    static let compare = Command(
        Verb(
            "compare", summary: "compare two models, thresholds or results on the same recordings",
            discussion: [
                "A and B are results of 'timbre evaluate --json' (.json), model files (.safetensors) or "
                    + "thresholds files. Models and thresholds are evaluated on the set that --set names. For every "
                    + "instrument the difference B - A is printed with its 95 % interval over sets drawn with "
                    + "replacement from the recordings. A star marks intervals that do not contain 0."
            ],
            options: [
                Option("set", .file, help: "the set to evaluate models and thresholds on: a manifest or a folder"),
                .model, .config,
                Option("allow-tuned", help: "allow a set on which thresholds were tuned, with a warning"),
                Option("rounds", .integer("N", 10...1_000_000), help: "number of sets to draw (default: 1000)"),
                Option("seed", .integer("N", 0...1_000_000_000), help: "seed of the random draw (default: 1)"),
                .jobs, .resume, .collar, .gap, .quiet,
            ],
            operands: [
                Operand("A", .file, help: "results, a model or thresholds"),
                Operand("B", .file, help: "results, a model or thresholds to compare with A"),
            ])
    ) { arguments throws(Failure) in
        let first = try results(arguments.operands[0], arguments)
        let second = try results(arguments.operands[1], arguments)
        let comparison: Comparison
        do throws(EvaluationError) {
            comparison = try Comparison(
                first.evaluation, second.evaluation, rounds: arguments.integer("rounds") ?? 1000,
                seed: UInt64(arguments.integer("seed") ?? 1))
        } catch {
            throw Failure(error.description, .data)
        }
        try Output.line("A  \(arguments.operands[0])\nB  \(arguments.operands[1])")
        for (name, results) in [("A", first), ("B", second)] {
            for fact in results.facts where fact.name == "warning" {
                try Output.line("\(name): \(fact.value.text ?? "")")
            }
        }
        try Output.line("recordings in both  \(comparison.recordings)\n")
        for measure in Comparison.Measure.allCases {
            for line in table(measure, comparison.rows(measure)) { try Output.line(line) }
        }
        let left = first.leftOut + second.leftOut
        guard left.isEmpty else {
            for one in left { try Output.line("left out: \(one.problem)") }
            throw Failure("\(left.count) recordings of the set were left out; the figures cover the rest", .data)
        }
    }

    private static func table(_ measure: Comparison.Measure, _ rows: [Comparison.Row]) -> [String] {
        guard !rows.isEmpty else { return [] }
        func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, decimals: 3) }
        return [measure.rawValue, fitted("", 18) + "       A       B   B - A   95 % of sets"]
            + rows.map { row in
                var line = fitted(row.name, 18)
                for value in [row.first, row.second] { line += padded(fixed(value, decimals: 3), 8) }
                line += padded(signed(row.second - row.first), 8)
                guard let interval = row.interval else { return line + "   -" }
                return line + "   \(signed(interval.low)) to \(signed(interval.high))"
                    + (interval.excludesZero ? " *" : "")
            } + [""]
    }

    private static func results(_ path: String, _ arguments: Arguments) throws(Failure) -> SavedResults {
        if path.hasSuffix(".json") {
            do throws(EvaluationError) {
                return try SavedResults(try FileContent.read(path), file: path)
            } catch {
                if case .file = error { throw Failure(error.description, .noInput) }
                throw Failure(error.description, .data)
            }
        }
        guard let set = arguments.text("set") else {
            throw Failure("\(path) is not a results file (.json): name the set to evaluate it on with --set", .usage)
        }
        let isModel = path.hasSuffix(".safetensors")
        let recognizer = try Recognizer(
            model: isModel ? path : arguments.text("model"), config: arguments.text("config"),
            thresholds: isModel ? nil : path)
        let batch = try BatchEvaluation(set, recognizer: recognizer)
        // Both sides store their transcripts below one folder, each in its own.
        let side = Digest.sha256(Array(recognizer.cacheKey.utf8)).prefix(12)
        return try batch.evaluate(
            arguments, set: set, tuned: try batch.tuned(isAllowed: arguments.flag("allow-tuned")),
            folder: arguments.text("resume").map { "\($0)/\(side)" })
    }
}
