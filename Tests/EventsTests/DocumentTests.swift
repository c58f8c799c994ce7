// docs/events.md is held to the code: its examples are lines that the encoder writes.

import AudioCore
import Events
import Foundation
import TestSupport
import Testing

@Suite("docs/events.md") struct DocumentTests {
    private static let text: String =
        (try? String(contentsOf: SchemaTests.root.appending(path: "docs/events.md"), encoding: .utf8)) ?? ""

    /// The lines in its JSON blocks, in order.
    static let examples = text.split(separator: "\n").filter { $0.hasPrefix("{\"seq\":") }.map(String.init)

    @Test("shows a line of every kind, byte for byte as it is written") func examples() throws {
        var kinds: Set<EventKind> = []
        var encoder = EventEncoder()
        for line in Self.examples {
            let read = try NumberedEvent(line: line)
            kinds.insert(read.event.kind)
            let written = String(decoding: encoder.line(read.event, sequence: read.sequence), as: UTF8.self)
            #expect(written == line + "\n")
        }
        #expect(kinds == Set(EventKind.allCases))
    }

    @Test(
        "shows examples that the schema accepts, as one conversation",
        .enabled(if: EventLineValidator.isInstalled, Comment(rawValue: EventLineValidator.reason)))
    func conversation() throws {
        let result = try EventLineValidator.validate(Array((Self.examples.joined(separator: "\n") + "\n").utf8))
        #expect(result.output == "")
    }

    @Test("has a section for every type and explains every state and reason") func words() {
        let sections = Self.text.split(separator: "\n").filter { $0.hasPrefix("### ") }
            .flatMap { $0.dropFirst(4).split(separator: ", ").map(String.init) }
        #expect(Set(sections) == Set(EventKind.allCases.map(\.rawValue)))
        for state in SourceState.allCases { #expect(Self.text.contains("| `\(state.description)` |")) }
        for reason in GapCause.allCases { #expect(Self.text.contains("`\(reason.rawValue)`")) }
    }
}
