// configs/timbred.conf is the documentation, so it is held to the code.

import Configuration
import Foundation
import Testing

@Suite("The documented configuration file") struct DocumentedFileTests {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "configs/timbred.conf")

    /// The file with every default in force: a setting that is commented out has no space after its #.
    static func uncommented() throws -> String {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in
                let isSetting = line.first == "#" && line.dropFirst().first.map { $0.isLowercase || $0 == "[" } == true
                return isSetting ? String(line.dropFirst()) : String(line)
            }.joined(separator: "\n")
    }

    @Test("parses, and changes nothing as it comes") func asShipped() throws {
        #expect(try Settings(file: Self.file.path()) == Settings())
    }

    @Test("shows the defaults: with everything uncommented it means the same") func defaults() throws {
        #expect(try Settings(text: Self.uncommented(), file: "timbred.conf") == Settings())
    }

    @Test("has every key there is, none else, in its table, marked [reload] exactly where that is true")
    func everyKey() throws {
        var table = ""
        var comment = ""
        var documented: [String: Bool] = [:]
        for line in try String(contentsOf: Self.file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            if line.hasPrefix("#[") {
                table =
                    line.trimmingCharacters(in: CharacterSet(charactersIn: "#[]")).split(separator: ".")
                    .first.map(String.init) ?? ""
            } else if line.hasPrefix("# ") {
                comment += line
            } else if line.hasPrefix("#"), let key = line.dropFirst().split(separator: " ").first {
                #expect(!comment.isEmpty, "\(table).\(key) is not explained")
                #expect(documented.updateValue(comment.contains("[reload]"), forKey: "\(table).\(key)") == nil)
                comment = ""
            } else {
                comment = ""
            }
        }
        let known = Dictionary(uniqueKeysWithValues: Settings.allKeys.map { ($0.path, $0.reload == .appliedNow) })
        #expect(documented == known)
    }

    @Test("docs/configuration.md names every key, with what its change needs") func document() throws {
        let text = try String(
            contentsOf: Self.file.deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "docs/configuration.md"), encoding: .utf8)
        var table = ""
        var documented: [String: String] = [:]
        for line in text.split(separator: "\n") {
            if line.hasPrefix("### ") {
                table = line.filter { $0.isLowercase }
                if line.contains("instrument") { table = "instrument" }
            }
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count == 4, cells[0].hasPrefix("`") {
                documented["\(table).\(cells[0].filter { $0 != "`" })"] = cells[3]
            }
        }
        #expect(
            documented
                == Dictionary(
                    uniqueKeysWithValues: Settings.allKeys.map {
                        ($0.path, $0.reload == .appliedNow ? "now" : "restart")
                    }))
    }
}
