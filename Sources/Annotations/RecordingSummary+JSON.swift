// Encodes and decodes the summary of a recording as JSON.

import Events
import JSON

extension RecordingSummary {
    /// The file name is the name of the recording followed by this suffix.
    public static let ending = ".timbre.json"

    /// The file's bytes.
    public var json: [UInt8] {
        var members: [JSONValue.Member] = [
            .init("recording", .string(name)), .init("bytes", .number(Double(bytes))), .init("sha256", .string(sha256)),
            .init("duration_s", .number(duration)), .init("software", .string(software)),
            .init("model", Self.value(model)), .init("precision", precision.isEmpty ? .null : .string(precision)),
            .init("tag_model", Self.value(tagModel)),
            .init("cache_key", .string(cacheKey)), .init("results", .array(results.map(JSONValue.string))),
            .init("notices", .array(notices.map(JSONValue.string))),
        ]
        members.append(
            .init(
                "instruments",
                .array(
                    instruments.map { instrument in
                        .object([
                            .init("instrument", .string(instrument.name)), .init("family", .string(instrument.family)),
                            .init("segments", .array(instrument.segments.map(Self.value))),
                        ])
                    })))
        members.append(
            .init(
                "tags",
                .array(
                    tags.map { tag in
                        .object([
                            .init("instrument", .string(tag.name)), .init("family", .string(tag.family)),
                            .init("mean", .number(tag.mean)), .init("highest", .number(Self.rounded(tag.highest))),
                        ])
                    })))
        var writer = JSONWriter()
        writer.value(.object(members))
        return writer.bytes + [0x0A]
    }

    /// Decodes the bytes of such a file; returns nil when they are not a summary.
    public init?(json: [UInt8]) {
        guard let value = try? JSONParser.parse(json[...]), let name = value["recording"]?.text,
            let bytes = value["bytes"]?.integer, bytes >= 0, let sha256 = value["sha256"]?.text,
            let duration = value["duration_s"]?.double, duration >= 0, let software = value["software"]?.text,
            let cacheKey = value["cache_key"]?.text, let instruments = value["instruments"]?.elements,
            let tags = value["tags"]?.elements
        else { return nil }
        (self.name, self.bytes, self.sha256, self.duration) = (name, Int(bytes), sha256, duration)
        (self.software, self.cacheKey) = (software, cacheKey)
        model = Self.model(value["model"])
        tagModel = Self.model(value["tag_model"])
        precision = value["precision"]?.text ?? ""
        // Files of earlier versions have none.
        let (results, notices) = (value["results"]?.elements ?? [], value["notices"]?.elements ?? [])
        (self.results, self.notices) = (results.compactMap(\.text), notices.compactMap(\.text))
        guard self.results.count == results.count, self.notices.count == notices.count else { return nil }
        self.instruments = []
        self.tags = []
        for entry in instruments {
            guard let instrument = entry["instrument"]?.text, let family = entry["family"]?.text,
                let segments = entry["segments"]?.elements
            else { return nil }
            let annotations = segments.compactMap { Self.annotation($0, instrument) }
            guard annotations.count == segments.count else { return nil }
            self.instruments.append(Instrument(name: instrument, family: family, segments: annotations))
        }
        for entry in tags {
            guard let instrument = entry["instrument"]?.text, let family = entry["family"]?.text,
                let mean = entry["mean"]?.double, let highest = entry["highest"]?.double,
                (0...1).contains(mean), (0...1).contains(highest)
            else { return nil }
            self.tags.append(Tag(name: instrument, family: family, mean: mean, highest: highest))
        }
    }

    private static func value(_ model: Model?) -> JSONValue {
        guard let model else { return .null }
        return .object([.init("name", .string(model.name)), .init("sha256", .string(model.sha256))])
    }

    private static func model(_ value: JSONValue?) -> Model? {
        guard let name = value?["name"]?.text, let sha256 = value?["sha256"]?.text else { return nil }
        return Model(name: name, sha256: sha256)
    }

    private static func value(_ segment: Annotation) -> JSONValue {
        .array([.number(segment.start), .number(segment.end), .number(rounded(segment.confidence ?? 0))])
    }

    /// Rounds a confidence or probability to the decimals of event lines: single precision would print more digits
    /// than it has.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    private static func annotation(_ value: JSONValue, _ instrument: String) -> Annotation? {
        guard let elements = value.elements, case let numbers = elements.compactMap(\.double), elements.count == 3,
            numbers.count == 3, 0 <= numbers[0], numbers[0] <= numbers[1], (0...1).contains(numbers[2])
        else { return nil }
        return Annotation(start: numbers[0], end: numbers[1], instrument: instrument, confidence: numbers[2])
    }
}
