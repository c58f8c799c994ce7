// Encodes and decodes `session.json`.

import Events
import JSON

extension SessionManifest {
    private static let format = "timbred session"

    /// The content of the file: one member a line, and lists with one entry a line, so that it can be read and
    /// compared with `diff`.
    public var json: [UInt8] {
        var writer = JSONWriter()
        writer.raw("{\n")
        for (index, member) in members.enumerated() {
            if index > 0 { writer.raw(",\n") }
            writer.raw("  ")
            writer.string(member.name)
            writer.raw(": ")
            if case .array(let elements) = member.value, case .object? = elements.first {
                writer.raw("[")
                for (index, element) in elements.enumerated() {
                    index > 0 ? writer.raw(",\n    ") : writer.raw("\n    ")
                    writer.value(element)
                }
                writer.raw("\n  ]")
            } else {
                writer.value(member.value)
            }
        }
        writer.raw("\n}\n")
        return writer.bytes
    }

    private var members: [JSONValue.Member] {
        [
            .init("format", .string(Self.format)), .init("version", .number(Double(Self.version))),
            .init("state", .string(state.rawValue)), .init("software", .string(software)),
            .init("build", .string(build)),
            .init("source", .string(source)), .init("streams", .array(streams.map(JSONValue.string))),
            .init("rate", .number(Double(rate))), .init("channels", .number(Double(channels))),
            .init("frames", Self.value(frames)),
            .init("files", .array(files.map(\.value))),
            .init("start", start.map { .string($0.description) } ?? .null),
            .init("recording", .string(recording)), .init("part", .number(Double(part))),
            .init("stream_rate", .number(Double(streamRate))), .init("hop", .number(Double(hop))),
            .init(
                "model",
                model.map { .object([.init("name", .string($0.name)), .init("sha256", .string($0.sha256))]) } ?? .null),
            .init("trigger", .string(trigger)), .init("end", end.map(JSONValue.string) ?? .null),
            .init("clipped_samples", .number(Double(clipped))),
            .init("anchors", .array(anchors.map(\.value))), .init("gaps", .array(gaps.map(\.value))),
            .init("marks", .array(marks.map(\.value))),
        ]
    }

    private static func value(_ number: Int64?) -> JSONValue {
        number.map { .number(Double($0)) } ?? .null
    }

    /// Decodes the file's bytes; `path` is used only in messages. Members that this version does not know are ignored.
    public init(json bytes: [UInt8], path: String) throws(RecordingError) {
        let object: JSONValue
        do {
            object = try JSONParser.parse(bytes[...])
        } catch {
            throw .manifest(path: path, problem: "\(error)")
        }
        let fields = ManifestFields(object, path: path)
        guard try fields.text("format") == Self.format else { throw fields.wrong("format", "\"\(Self.format)\"") }
        let version = try fields.whole("version", 1...1_000_000)
        guard version == Self.version else {
            throw .manifest(path: path, problem: "has version \(version), and this program supports \(Self.version)")
        }
        guard let state = State(rawValue: try fields.text("state")) else {
            throw fields.wrong("state", State.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.state = state
        software = try fields.text("software")
        build = fields.has("build") ? try fields.text("build") : ""
        source = try fields.text("source")
        streams = try fields.texts("streams")
        rate = try fields.whole("rate", 1...1_048_575)
        channels = try fields.whole("channels", 1...64)
        frames = try fields.isNull("frames") ? nil : fields.frame("frames")
        guard frames ?? 0 >= 0 else { throw fields.wrong("frames", "0 or more") }
        files = try fields.list("files", AudioFile.init)
        if !fields.isNull("start") {
            guard let wall = WallTime(try fields.text("start")) else {
                throw fields.wrong("start", "a time as 2026-11-21T06:58:51.163Z")
            }
            start = wall
        }
        recording = try fields.text("recording")
        part = try fields.whole("part", 1...1_000_000_000)
        streamRate = try fields.whole("stream_rate", 1...1_000_000)
        hop = try fields.whole("hop", 1...1_000_000)
        if !fields.isNull("model") {
            let own = try fields.object("model")
            model = Hello.Model(name: try own.text("name"), sha256: try own.text("sha256"))
        }
        trigger = try fields.text("trigger")
        end = try fields.isNull("end") ? nil : fields.text("end")
        clipped = try fields.frame("clipped_samples")
        anchors = try fields.list("anchors", Anchor.init)
        gaps = try fields.list("gaps", Gap.init)
        marks = try fields.list("marks", Mark.init)
    }
}

extension SessionManifest.AudioFile {
    fileprivate var value: JSONValue {
        .object([
            .init("name", .string(name)), .init("first_channel", .number(Double(firstChannel))),
            .init("channels", .number(Double(channels))),
        ])
    }

    fileprivate init(_ fields: ManifestFields) throws(RecordingError) {
        name = try fields.text("name")
        // The value must be a name, not a path, so that a reader of a session stays inside its folder.
        guard name.hasSuffix(".flac"), !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0) else {
            throw fields.wrong("name", "the name of a .flac file in the session's folder")
        }
        firstChannel = try fields.whole("first_channel", 1...64)
        channels = try fields.whole("channels", 1...8)
    }
}

extension SessionManifest.Anchor {
    fileprivate var value: JSONValue {
        .object([
            .init("stream", .string(stream)), .init("frame", .number(Double(frame))),
            .init("audio_frame", .number(Double(audioFrame))),
        ])
    }

    fileprivate init(_ fields: ManifestFields) throws(RecordingError) {
        stream = try fields.text("stream")
        frame = try fields.frame("frame")
        audioFrame = try fields.frame("audio_frame")
    }
}

extension SessionManifest.Gap {
    fileprivate var value: JSONValue {
        .object([
            .init("audio_frame", .number(Double(audioFrame))), .init("frames", .number(Double(frames))),
            .init("reason", .string(reason)),
        ])
    }

    fileprivate init(_ fields: ManifestFields) throws(RecordingError) {
        audioFrame = try fields.frame("audio_frame")
        frames = try fields.frame("frames")
        reason = try fields.text("reason")
    }
}

extension SessionManifest.Mark {
    fileprivate var value: JSONValue {
        .object([
            .init("stream", .string(stream)), .init("audio_frame", .number(Double(audioFrame))),
            .init("text", .string(text)),
        ])
    }

    fileprivate init(_ fields: ManifestFields) throws(RecordingError) {
        stream = try fields.text("stream")
        audioFrame = try fields.frame("audio_frame")
        text = try fields.text("text")
    }
}
