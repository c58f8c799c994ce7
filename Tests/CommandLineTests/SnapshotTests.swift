// Help, completions and manual page are compared with files beside this one.

import CommandLine
import Foundation
import Testing

@Suite struct SnapshotTests {
    /// With TIMBRE_RECORD_SNAPSHOTS=1 in the environment the files are written anew instead.
    @Test(
        "What is written from the declaration is what was reviewed",
        arguments: [
            ("help.txt", sample.help), ("help-play.txt", sample.help(for: sample.verbs[0])),
            ("completions.bash", sample.completions(for: .bash)),
            ("completions.zsh", sample.completions(for: .zsh)),
            ("completions.fish", sample.completions(for: .fish)),
            ("manual.1", sample.manual(date: "November 21, 2026")),
        ])
    func snapshot(name: String, text: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
        if ProcessInfo.processInfo.environment["TIMBRE_RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text)
    }

    @Test("No line of help is wider than a terminal")
    func width() {
        let lines = (sample.help + sample.verbs.map(sample.help(for:)).joined()).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
    }
}
