// Stores the transcript of each recording, so that an interrupted run can resume.

import Annotations
import Events
import JSON

/// A folder with two files per recording: `NAME.json` contains the segments and the cache key, `NAME.npy` contains the
/// activities in NumPy's format.
public struct TranscriptStore: Sendable {
    /// Path of the folder.
    public let folder: String

    /// Uses an existing folder.
    public init(folder: String) {
        self.folder = folder
    }

    /// Returns the stored transcript of a recording; nil when there is none, when it has another cache key, or when
    /// the files are damaged. The recording is then processed again.
    ///
    /// - Parameter cacheKey: identifies the audio, the model and the settings; a change in any of them changes this
    ///   text.
    public func load(_ recording: String, cacheKey: String) -> Transcript? {
        guard let text = try? FileContent.read(path(recording) + ".json"),
            let value = try? JSONParser.parse(text[...]), value["cache_key"]?.text == cacheKey,
            let hop = value["hop"]?.integer, let rate = value["rate"]?.integer,
            (1...1 << 20).contains(hop), (1...1 << 20).contains(rate),
            let classes = value["classes"]?.elements?.compactMap(\.text), !classes.isEmpty,
            let segments = value["segments"].flatMap({ Self.segments($0, classes) }),
            let estimates = value["estimates"].flatMap({ Self.segments($0, classes) }),
            zip(segments, estimates).allSatisfy({ $0.count == $1.count }),
            let bytes = try? FileContent.read(path(recording) + ".npy"),
            let activities = Self.activities(bytes, classes: classes.count)
        else { return nil }
        return Transcript(
            classes: classes, hop: Int(hop), rate: Int(rate), activities: activities, segments: segments,
            estimates: estimates)
    }

    /// Stores a transcript; the description is written last, so its presence implies that the activities are complete.
    public func save(_ heard: Transcript, of recording: String, cacheKey: String) throws(EvaluationError) {
        let shape = [heard.frames, heard.classes.count]
        try FileContent.write(NumpyFile.encode(heard.activities, shape: shape), to: path(recording) + ".npy")
        func object(_ segments: [[TimeSpan]]) -> JSONValue {
            .object(
                zip(heard.classes, segments).map { name, spans in
                    .init(name, .array(spans.map { .array([.number($0.start), .number($0.end)]) }))
                })
        }
        var writer = JSONWriter()
        writer.value(
            .object([
                .init("recording", .string(recording)), .init("cache_key", .string(cacheKey)),
                .init("hop", .number(Double(heard.hop))), .init("rate", .number(Double(heard.rate))),
                .init("frames", .number(Double(heard.frames))), .init("duration_s", .number(heard.duration)),
                .init("classes", .array(heard.classes.map(JSONValue.string))),
                .init("segments", object(heard.segments)),
                .init("estimates", object(heard.estimates)),
            ]))
        try FileContent.write(writer.bytes + [0x0A], to: path(recording) + ".json")
    }

    /// Returns the path for a recording; `/` in its name is replaced.
    private func path(_ recording: String) -> String {
        "\(folder)/" + String(recording.map { $0 == "/" ? "%" : $0 })
    }

    private static func segments(_ value: JSONValue, _ classes: [String]) -> [[TimeSpan]]? {
        var result: [[TimeSpan]] = []
        for name in classes {
            guard let spans = value[name]?.elements else { return nil }
            result.append(
                spans.compactMap { span in
                    guard let ends = span.elements, ends.count == 2, let start = ends[0].double,
                        let end = ends[1].double
                    else { return nil }
                    return TimeSpan(start, end)
                })
        }
        return result
    }

    private static func activities(_ bytes: [UInt8], classes: Int) -> [Float]? {
        guard bytes.count > 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else { return nil }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count, (bytes.count - start) % (4 * classes) == 0 else { return nil }
        return bytes[start...].withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
            }
        }
    }
}
