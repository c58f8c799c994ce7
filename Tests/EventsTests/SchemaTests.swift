// Every kind of line against the published schema, with the validator that users have.

import AudioCore
import Events
import Foundation
import JSON
import TestSupport
import Testing

@Suite("The schema") struct SchemaTests {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func numbered(_ events: [Event]) -> [UInt8] {
        var encoder = EventEncoder()
        return events.enumerated().flatMap { encoder.line($1, sequence: Int64($0) + 1) }
    }

    /// The examples in an order in which they make a conversation that holds together.
    private var conversation: [Event] {
        let replay = EventExamples.all.filter { event in
            if case .on = event.body { event.position?.time.wall != nil } else { event.kind != .lagged }
        }
        return replay
    }

    @Test(
        "accepts a line of every kind, and lagged with its hole",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)))
    func accepted() throws {
        var encoder = EventEncoder()
        var bytes = numbered(conversation)
        let next = Int64(conversation.count) + 1
        bytes += encoder.line(
            Event(.lagged(.init(skipped: 10, from: next, to: next + 9))), sequence: next + 10)
        let result = try EventLineValidator.validate(bytes)
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test(
        "refuses what is not in it, names the field, and sees holes and lone offs",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)),
        arguments: [
            (#"{"seq":1,"type":"mark","stream":"main","t":0,"frame":0,"text":"x","more":1}"#, "'more' was unexpected"),
            (#"{"seq":1,"type":"mark","stream":"main","t":-1,"frame":0,"text":"x"}"#, "line 1: t: -1 is less than"),
            (#"{"seq":1,"type":"mark","stream":"main","frame":0,"text":"x"}"#, "'t' is a required property"),
            (#"{"seq":2,"type":"closing","reason":"x"}"#, "seq is 2 and should be 1"),
            (#"{"seq":1,"type":"dance"}"#, "unknown type: dance"),
            (#"{"seq":1,"type":"reply","command":"x","ok":false}"#, "'error' is a required property"),
            (
                #"{"seq":1,"type":"off","stream":"main","t":0,"frame":0,"instrument":"x","family":"y","confidence":1,"#
                    + #""duration":0}"#, "off of x, which is not on"
            ),
            ("not json", "no JSON"),
        ])
    func refused(_ line: String, _ sentence: String) throws {
        let result = try EventLineValidator.validate(Array((line + "\n").utf8))
        #expect(result.status == 1)
        #expect(result.output.contains(sentence), "\(result.output)")
    }

    @Test("knows every kind, state and reason, and no other") func words() throws {
        let schema = try JSONParser.parse(
            String(contentsOf: Self.root.appending(path: "docs/events.schema.json"), encoding: .utf8))
        func words(_ value: JSONValue?) -> Set<String> { Set((value?["enum"]?.elements ?? []).compactMap(\.text)) }
        #expect(words(schema["properties"]?["type"]) == Set(EventKind.allCases.map(\.rawValue)))
        #expect(words(schema["$defs"]?["healthState"]) == Set(SourceState.allCases.map(\.description)))
        #expect(
            words(schema["$defs"]?["discontinuity"]?["properties"]?["reason"])
                == Set(GapCause.allCases.map(\.rawValue)))
        #expect(
            words(schema["$defs"]?["recording"]?["properties"]?["state"])
                == Set(RecordingChange.State.allCases.map(\.rawValue)))
    }
}
