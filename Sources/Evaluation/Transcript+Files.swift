// Encodes and decodes the two files of a stored transcript.

import Annotations
import JSON

extension Transcript {
    /// The bytes of the description: all but the activities.
    func description(of recording: String, cacheKey: String) -> [UInt8] {
        func object(_ segments: [[TimeSpan]]) -> JSONValue {
            .object(
                zip(classes, segments).map { name, spans in
                    .init(name, .array(spans.map { .array([.number($0.start), .number($0.end)]) }))
                })
        }
        var writer = JSONWriter()
        writer.value(
            .object([
                .init("recording", .string(recording)), .init("cache_key", .string(cacheKey)),
                .init("hop", .number(Double(hop))), .init("rate", .number(Double(rate))),
                .init("frames", .number(Double(frames))), .init("duration_s", .number(duration)),
                .init("classes", .array(classes.map(JSONValue.string))),
                .init("segments", object(segments)), .init("estimates", object(estimates)),
                .init("notices", .array(notices.map(JSONValue.string))),
            ]))
        return writer.bytes + [0x0A]
    }

    /// Decodes the two files; returns nil where they are damaged, do not belong together or have another cache key.
    ///
    /// - Parameter activities: a file as `NumpyFile` writes it.
    init?(description: [UInt8], activities: [UInt8], cacheKey: String) {
        guard let value = try? JSONParser.parse(description[...]), value["cache_key"]?.text == cacheKey,
            let hop = value["hop"]?.integer, let rate = value["rate"]?.integer, let frames = value["frames"]?.integer,
            (1...1 << 20).contains(hop), (1...1 << 20).contains(rate),
            let names = value["classes"]?.elements, !names.isEmpty, case let classes = names.compactMap(\.text),
            classes.count == names.count, Set(classes).count == classes.count,
            let segments = Self.segments(value["segments"], classes),
            let estimates = Self.segments(value["estimates"], classes),
            zip(segments, estimates).allSatisfy({ $0.count == $1.count }),
            let texts = value["notices"]?.elements, case let notices = texts.compactMap(\.text),
            notices.count == texts.count,
            let values = NumpyFile.decode(activities), values.count.isMultiple(of: classes.count),
            values.count / classes.count == frames, values.allSatisfy(\.isFinite)
        else { return nil }
        self.init(
            classes: classes, hop: Int(hop), rate: Int(rate), activities: values, segments: segments,
            estimates: estimates, notices: notices)
    }

    private static func segments(_ value: JSONValue?, _ classes: [String]) -> [[TimeSpan]]? {
        var result: [[TimeSpan]] = []
        for name in classes {
            guard let spans = value?[name]?.elements, case let decoded = spans.compactMap(span),
                decoded.count == spans.count
            else { return nil }
            result.append(decoded)
        }
        return result
    }

    private static func span(_ value: JSONValue) -> TimeSpan? {
        guard let ends = value.elements, ends.count == 2, let start = ends[0].double, let end = ends[1].double,
            start <= end
        else { return nil }
        return TimeSpan(start, end)
    }
}
