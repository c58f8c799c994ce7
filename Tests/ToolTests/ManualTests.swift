// Manual pages and completion scripts say what the programs do.

import AudioCore
import AudioInput
import CommandLine
import Configuration
import Events
import Foundation
import Testing

@testable import timbre

@Suite struct ManualTests {
    @Test("The committed manual page and completions are what the tool writes now; \"make docs\" renews them")
    func committed() throws {
        let date = try #require(try text("man/timbre.1").firstMatch(of: /\.Dd (.*)/)).1
        #expect(try text("man/timbre.1") == Program.timbre.manual(date: String(date)))
        for shell in Shell.allCases {
            #expect(try text("completions/timbre.\(shell.rawValue)") == Program.timbre.completions(for: shell))
        }
    }

    @Test("Every key of the configuration has its entry in timbred.conf(5)")
    func keys() throws {
        let page = try text("man/timbred.conf.5")
        for key in Settings.allKeys {
            let parts = key.path.split(separator: ".")
            let table = String(parts[0])
            #expect(page.contains(".Ss [\(table)") || page.contains(".Ss [[\(table)"), "\(key.path)")
            #expect(page.contains("Cm \(parts[1])\n") || page.contains("\(parts[1]) ,"), "\(key.path)")
        }
    }

    @Test("Every kind of line has its entry in timbre-events(7)")
    func kinds() throws {
        let page = try text("man/timbre-events.7")
        for kind in EventKind.allCases { #expect(page.contains(".It Cm \(kind.rawValue)\n"), "\(kind)") }
        for state in SourceState.allCases { #expect(page.contains(state.description)) }
        for reason in GapCause.allCases { #expect(page.contains(reason.rawValue)) }
    }

    @Test("Every kind of source stands in the manual page, the guide and the example of the configuration")
    func sources() throws {
        let (guide, example) = (try text("docs/configuration.md"), try text("configs/timbred.conf"))
        let page = try text("man/timbred.conf.5")
        for backend in Backend.all {
            #expect(guide.contains("`\(backend.usage)`"), "\(backend.usage)")
            #expect(example.contains("\n#   \(backend.scheme):"), "\(backend.scheme)")
            #expect(page.contains("\n.Li \(backend.scheme): Ns Ar "), "\(backend.scheme)")
        }
    }

    @Test("Every export format has its row in docs/exports.md and its place in the README; each has its own ending")
    func formats() throws {
        let (guide, readme) = (try text("docs/exports.md"), try text("README.md"))
        for format in ResultFormat.all where format.format != .events {
            #expect(guide.contains("\n| `\(format.name)` |"), "\(format.name)")
            #expect(readme.contains(format.name), "\(format.name)")
        }
        let endings = ResultFormat.all.map(\.format.ending)
        #expect(Set(endings).count == endings.count)
    }

    @Test(
        "mandoc finds nothing to say about the manual pages",
        .enabled(if: hasProgram("mandoc"), "mandoc is not installed"))
    func lint() throws {
        let pages = ["timbre.1", "timbred.8", "timbred.conf.5", "timbre-events.7"].map { "man/\($0)" }
        let result = try run("mandoc", ["-T", "lint", "-W", "warning"] + pages)
        #expect(result.status == 0 && result.text == "", "\(result.text)")
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: packageRoot.appending(path: path), encoding: .utf8)
    }
}
