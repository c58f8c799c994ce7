// The saved results of an evaluation.

import Events
import JSON

/// The contents of the file that `timbre evaluate --json` writes and `timbre compare` reads.
public struct SavedResults: Equatable, Sendable {
    /// The name of the file format.
    public static let format = "timbre-evaluation-1"

    /// The evaluated model, set and conditions: name and value, for display.
    public var facts: [JSONValue.Member]
    /// The figures, and the recordings from which they are computed.
    public var evaluation: Evaluation
    /// The recordings that were left out.
    public var leftOut: [LeftOut]
    /// The figures of degraded recordings; not read from a file.
    public var degraded: [Robustness] = []

    /// Creates results.
    public init(facts: [JSONValue.Member], evaluation: Evaluation, leftOut: [LeftOut]) {
        self.facts = facts
        self.evaluation = evaluation
        self.leftOut = leftOut
    }

    /// Decodes saved results; they do not include the figures that need the activities of frames.
    public init(_ bytes: [UInt8], file: String) throws(EvaluationError) {
        let value: JSONValue
        do {
            value = try JSONParser.parse(bytes[...])
        } catch {
            throw .content(file: file, problem: error.description)
        }
        guard value["format"]?.text == Self.format else {
            throw .content(file: file, problem: "it does not contain results of 'timbre evaluate --json'")
        }
        guard let classes = value["classes"]?.elements?.compactMap({ $0["name"]?.text }), !classes.isEmpty,
            let recordings = value["recordings"]?.elements?.map({ RecordingResult($0, classes: classes) }),
            !recordings.contains(nil)
        else {
            throw .content(file: file, problem: "a part of the results is missing: evaluate again")
        }
        facts = value["facts"]?.members ?? []
        evaluation = Evaluation(classes: classes, recordings: recordings.compactMap { $0 })
        leftOut = (value["left_out"]?.elements ?? []).map {
            LeftOut($0["recording"]?.text ?? "", $0["problem"]?.text ?? "")
        }
    }

    /// The results as JSON.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.value(
            .object([
                .init("format", .string(Self.format)), .init("facts", .object(facts)),
                .init("means", evaluation.means), .init("classes", .array(evaluation.figures.map(\.json))),
                .init("false_alarms", evaluation.falseAlarms.json(evaluation.classes)),
                .init("single_sources", evaluation.singleSources.json), .init("flicker", evaluation.flicker.json),
                .init("degraded", .array(degraded.map(\.json))),
                .init(
                    "confusion",
                    .object([
                        .init("time", evaluation.timeConfusion.json),
                        .init("recordings", evaluation.clipConfusion.json),
                    ])),
                .init(
                    "left_out",
                    .array(
                        leftOut.map {
                            .object([
                                .init("recording", .string($0.recording)), .init("problem", .string($0.problem)),
                            ])
                        })),
                .init("recordings", .array(evaluation.recordings.map { $0.json(evaluation.classes) })),
            ]))
        return writer.bytes + [0x0A]
    }
}
