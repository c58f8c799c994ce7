// Encodes and decodes the result of one recording as JSON.

import Events
import JSON

extension RecordingResult {
    /// Returns the result as JSON. Counts are arrays [hits, false alarms, misses].
    func json(_ names: [String]) -> JSONValue {
        .object([
            .init("name", .string(name)), .init("sha256", .string(sha256)), .init("duration_s", .number(duration)),
            .init("without_music", .bool(isWithoutMusic)),
            .init("classes", .object(zip(names, classes).map { .init($0.0, $0.1.json) })),
        ])
    }

    /// Decodes a result; nil when a part is missing.
    init?(_ value: JSONValue, classes names: [String]) {
        guard let name = value["name"]?.text, let sha256 = value["sha256"]?.text,
            let duration = value["duration_s"]?.double, let isWithoutMusic = value["without_music"]?.boolean,
            let parts = value["classes"]
        else { return nil }
        var classes: [OfClass] = []
        for name in names {
            guard let part = parts[name].flatMap(OfClass.init) else { return nil }
            classes.append(part)
        }
        self.init(name: name, sha256: sha256, duration: duration, isWithoutMusic: isWithoutMusic, classes: classes)
    }
}

extension RecordingResult.OfClass {
    fileprivate var json: JSONValue {
        func list(_ counts: Counts?) -> JSONValue {
            counts.map { .array([$0.hits, $0.falseAlarms, $0.misses].map { .number(Double($0)) }) } ?? .null
        }
        return .object([
            .init("hop", list(frames?.hop)), .init("block", list(frames?.block)), .init("second", list(frames?.second)),
            .init("onsets", list(onsets)), .init("events", list(events)),
            .init("entries", .number(Double(entries.count))),
            .init("delays", .array(entries.delays.map(JSONValue.number))),
            .init("onset_errors", .array(entries.errors.map(JSONValue.number))),
            .init("present", isPresent.map(JSONValue.bool) ?? .null), .init("score", .number(score)),
            .init("reports", .number(Double(reports))),
        ])
    }

    fileprivate init?(_ value: JSONValue) {
        guard let entries = Self.count(value["entries"]), let score = value["score"]?.double,
            let reports = Self.count(value["reports"]), let delays = value["delays"]?.elements
        else { return nil }
        self.init()
        func counts(_ name: String) -> Counts? {
            guard let list = value[name]?.elements?.compactMap(Self.count), list.count == 3 else { return nil }
            return Counts(hits: list[0], falseAlarms: list[1], misses: list[2])
        }
        if let hop = counts("hop"), let block = counts("block"), let second = counts("second") {
            var sum = FrameCounts()
            (sum.hop, sum.block, sum.second) = (hop, block, second)
            frames = sum
        }
        onsets = counts("onsets")
        events = counts("events")
        self.entries.count = entries
        self.entries.delays = delays.compactMap(\.double)
        self.entries.errors = (value["onset_errors"]?.elements ?? []).compactMap(\.double)
        isPresent = value["present"]?.boolean
        self.score = score
        self.reports = reports
    }

    /// Returns a count within a limit that keeps sums of many counts from overflowing.
    private static func count(_ value: JSONValue?) -> Int? {
        guard let count = value?.integer, (0...1 << 40).contains(count) else { return nil }
        return Int(count)
    }
}
