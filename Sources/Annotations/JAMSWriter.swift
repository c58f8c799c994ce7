// Writes JAMS files.

import Events
import JSON

extension ExportFormat {
    /// JSON Annotated Music Specification.
    public static let jams = ExportFormat("jams", ending: ".jams", carriesMarks: true, write: JAMSWriter.encode)
}

/// JAMS (Humphrey et al. 2014): one annotation in the namespace `tag_open` with an observation for each segment. If
/// there are marks, a second annotation in the namespace `blob` has an observation with duration 0 for each.
public enum JAMSWriter {
    /// The JAMS version of the file.
    static let version = "0.3.5"

    /// Returns the file's bytes.
    public static func encode(_ set: AnnotationSet, about subject: ExportFormat.Subject) -> [UInt8] {
        let last = set.annotations.map(\.end).max() ?? 0
        let duration = microseconds(set.duration ?? max(last, set.marks.last?.time ?? 0))
        let segments = set.annotations.map { annotation in
            observation(
                time: annotation.start, duration: annotation.end - annotation.start, value: annotation.instrument,
                confidence: annotation.confidence)
        }
        let marks = set.marks.map { observation(time: $0.time, duration: 0, value: $0.text, confidence: nil) }
        var annotations = [
            annotation("tag_open", segments, duration, by: .init("annotation_tools", .string(subject.software)))
        ]
        if !marks.isEmpty {
            annotations.append(annotation("blob", marks, duration, by: .init("annotation_rules", .string("marks"))))
        }
        var writer = JSONWriter()
        writer.value(
            .object([
                .init("annotations", .array(annotations)),
                .init(
                    "file_metadata",
                    .object([
                        .init("title", .string(subject.title)), .init("artist", .string("")),
                        .init("release", .string("")), .init("duration", duration),
                        .init("identifiers", .object([])), .init("jams_version", .string(version)),
                    ])),
                .init("sandbox", .object([])),
            ]))
        return writer.bytes + [0x0A]
    }

    private static func annotation(
        _ namespace: String, _ data: [JSONValue], _ duration: JSONValue, by provenance: JSONValue.Member
    ) -> JSONValue {
        .object([
            .init("namespace", .string(namespace)),
            .init(
                "annotation_metadata",
                .object([
                    .init("curator", .object([.init("name", .string("")), .init("email", .string(""))])),
                    provenance,
                    .init("data_source", .string(namespace == "blob" ? "manual" : "program")),
                ])),
            .init("time", .number(0)), .init("duration", duration),
            .init("data", .array(data)),
            .init("sandbox", .object([])),
        ])
    }

    private static func observation(
        time: Double, duration: Double, value: String, confidence: Double?
    ) -> JSONValue {
        .object([
            .init("time", microseconds(time)), .init("duration", microseconds(duration)),
            .init("value", .string(value)),
            .init("confidence", confidence.map { .number(($0 * 1000).rounded() / 1000) } ?? .null),
        ])
    }

    /// JAMS does not permit negative times.
    private static func microseconds(_ seconds: Double) -> JSONValue {
        .number((max(0, seconds) * 1_000_000).rounded() / 1_000_000)
    }
}
