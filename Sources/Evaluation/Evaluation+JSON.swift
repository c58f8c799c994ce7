// The figures as JSON values.

import Events
import JSON

extension JSONValue {
    /// Creates a number, or null for nil.
    init(_ number: Double?) {
        self = number.map(JSONValue.number) ?? .null
    }
}

extension Counts {
    fileprivate var json: JSONValue {
        .object([
            .init("hits", .number(Double(hits))), .init("false_alarms", .number(Double(falseAlarms))),
            .init("misses", .number(Double(misses))), .init("precision", .number(precision)),
            .init("recall", .number(recall)), .init("f1", .number(f1)),
        ])
    }
}

extension ThresholdSearch.Best {
    fileprivate var json: JSONValue {
        .object([.init("threshold", .number(threshold)), .init("f1", .number(counts.f1))])
    }
}

extension ClassFigures {
    var json: JSONValue {
        .object([
            .init("name", .string(name)),
            .init(
                "frames",
                frames.map {
                    .object([
                        .init("hop", $0.hop.json), .init("block", $0.block.json), .init("second", $0.second.json),
                    ])
                } ?? .null),
            .init("frame_average_precision", JSONValue(framePrecision)), .init("frame_roc_auc", JSONValue(frameArea)),
            .init("frame_best", frameBest?.json ?? .null), .init("onsets", onsets?.json ?? .null),
            .init("events", events?.json ?? .null), .init("entries", .number(Double(entries.count))),
            .init("entries_heard", .number(Double(entries.delays.count))),
            .init("delay_median_s", JSONValue(medianDelay)), .init("delay_95_s", JSONValue(longDelay)),
            .init("onset_error_median_s", JSONValue(medianError)),
            .init("clips", clips?.json ?? .null),
        ])
    }
}

extension ClipFigures {
    fileprivate var json: JSONValue {
        .object([
            .init("positives", .number(Double(ranking.positives))),
            .init("negatives", .number(Double(ranking.negatives))), .init("at_half", atHalf.json),
            .init("two_class_precision", .number(twoClass.precision)),
            .init("two_class_recall", .number(twoClass.recall)), .init("two_class_f1", .number(twoClass.f1)),
            .init("best", best?.json ?? .null), .init("reported", reported.json),
            .init("average_precision", JSONValue(ranking.averagePrecision)), .init("roc_auc", JSONValue(ranking.area)),
        ])
    }
}

extension FalseAlarms {
    func json(_ classes: [String]) -> JSONValue {
        .object([
            .init("recordings", .number(Double(recordings))), .init("seconds", .number(seconds)),
            .init("alarmed_recordings", .number(Double(alarmed))), .init("per_hour", JSONValue(perHour)),
            .init(
                "alarms",
                .object(zip(classes, alarms).filter { $0.1 > 0 }.map { .init($0.0, .number(Double($0.1))) })),
        ])
    }
}

extension SingleSources {
    var json: JSONValue {
        .object([
            .init("recordings", .number(Double(count))), .init("only_right", .number(Double(right))),
            .init("right_and_wrong", .number(Double(mixed))), .init("only_wrong", .number(Double(wrong))),
            .init("nothing", .number(Double(nothing))),
        ])
    }
}

extension Flicker {
    var json: JSONValue {
        .object([
            .init("seconds", .number(seconds)), .init("events_per_minute", JSONValue(heardPerMinute)),
            .init("true_events_per_minute", JSONValue(referencePerMinute)),
        ])
    }
}

extension Confusion {
    /// For each class that was present: its amount, and the fractions detected as each class and not detected.
    var json: JSONValue {
        .object(
            classes.indices.filter { present[$0] > 0 }.map { row in
                let heard = classes.indices.filter { taken[row][$0] > 0 }.map {
                    JSONValue.Member(classes[$0], .number(share(row, $0)))
                }
                return .init(
                    classes[row],
                    .object([
                        .init("amount", .number(present[row])), .init("missed", .number(missed(row))),
                        .init("heard_as", .object(heard)),
                    ]))
            })
    }
}

extension Evaluation {
    /// The means over classes: macro over those that are present, micro over all.
    var means: JSONValue {
        func f1(_ name: String, _ counts: (ClassFigures) -> Counts?) -> [JSONValue.Member] {
            func defined(_ figures: ClassFigures) -> Counts? { counts(figures).flatMap { $0.isDefined ? $0 : nil } }
            return [
                .init("\(name)_precision", JSONValue(mean { defined($0)?.precision })),
                .init("\(name)_recall", JSONValue(mean { defined($0)?.recall })),
                .init("\(name)_f1", JSONValue(meanF1(counts))), .init("\(name)_micro_f1", .number(sum(counts).f1)),
            ]
        }
        func told(_ figures: ClassFigures) -> ClipFigures? { figures.clips.flatMap { $0.isDefined ? $0 : nil } }
        return .object(
            f1("frame_hop") { $0.frames?.hop } + f1("frame_block") { $0.frames?.block }
                + f1("frame_second") { $0.frames?.second } + f1("onset") { $0.onsets } + f1("event") { $0.events }
                + [
                    .init("frame_average_precision", JSONValue(mean(\.framePrecision))),
                    .init("frame_roc_auc", JSONValue(mean(\.frameArea))),
                    .init("frame_best_f1", JSONValue(mean { $0.frameBest?.counts.f1 })),
                    .init("entries_missed", JSONValue(missedEntries)),
                    .init("delay_median_s", JSONValue(Quantile.of(delays, 0.5))),
                    .init("delay_95_s", JSONValue(Quantile.of(delays, 0.95))),
                    .init("clip_f1", JSONValue(mean { told($0)?.atHalf.f1 })),
                    .init("clip_two_class_f1", JSONValue(mean { told($0)?.twoClass.f1 })),
                    .init("clip_best_f1", JSONValue(mean { told($0)?.best?.counts.f1 })),
                    .init("clip_reported_f1", JSONValue(mean { told($0)?.reported.f1 })),
                    .init("clip_average_precision", JSONValue(mean { told($0)?.ranking.averagePrecision })),
                    .init("clip_roc_auc", JSONValue(mean { told($0)?.ranking.area })),
                ])
    }
}
