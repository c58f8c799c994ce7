// The script that makes a version ready must refuse what may not become one.

import Foundation
import Testing

@Suite(
    "scripts/release",
    .enabled(
        if: FileManager.default.fileExists(atPath: packageRoot.appending(path: ".git").path),
        "this is no checkout of a repository"))
struct ReleaseScriptTests {
    /// A clone whose style is not judged again, for that takes a minute; the script is the one of this tree.
    private struct Clone {
        let folder = FileManager.default.temporaryDirectory.appending(path: "release-\(UUID().uuidString)")

        init() throws {
            #expect(try ToolTests.run("git", ["clone", "-q", packageRoot.path, folder.path]).status == 0)
            for name in ["scripts/release", "NOTICE", "models/default.md"] {
                try Data(contentsOf: packageRoot.appending(path: name)).write(to: folder.appending(path: name))
            }
            // What stands in the changelog of this tree, and since when, is its own affair.
            let version = try text("clients/python/src/timbred/__init__.py").firstMatch(of: /__version__ = "([0-9.]+)"/)
            try write("# Changelog\n\n## \(version?.output.1 ?? "") (2999-01-01)\n\n- Much.\n", to: "CHANGELOG.md")
            for name in ["scripts/setup", "scripts/lint"] { try write("#!/bin/sh\n", to: name) }
            try commit()
        }

        func remove() { try? FileManager.default.removeItem(at: folder) }

        func text(_ name: String) throws -> String {
            try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        }

        /// The file keeps its permissions.
        func write(_ text: String, to name: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }

        func change(_ name: String, _ old: String, to new: String) throws {
            let before = try text(name)
            #expect(before.contains(old), "\(name) has no \(old)")
            try write(before.replacingOccurrences(of: old, with: new), to: name)
        }

        func commit() throws {
            try git("add", "-A")
            try git("commit", "-q", "--allow-empty", "-m", "a")
        }

        @discardableResult func git(_ words: String...) throws -> String {
            let (status, text) = try ToolTests.run("git", ["-C", folder.path] + words, environment: Self.somebody)
            #expect(status == 0, "\(words): \(text)")
            return text
        }

        func release(_ words: String...) throws -> (status: Int32, text: String) {
            try ToolTests.run(folder.appending(path: "scripts/release").path, words, environment: Self.somebody)
        }

        /// Commits and tags have an author, and nothing of this user's settings.
        private static let somebody = [
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@localhost", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@localhost",
        ]
    }

    @Test("A version is prepared in every file that names it, checked and tagged with what is new in it")
    func whole() throws {
        let clone = try Clone()
        defer { clone.remove() }
        #expect(try clone.release("prepare", "9.8").status == 1)
        #expect(try clone.release("prepare", "9.8.7").text.contains("no section Unreleased"))
        try clone.change("CHANGELOG.md", "# Changelog\n", to: "# Changelog\n\n## Unreleased\n\n- All is new.\n")
        let prepared = try clone.release("prepare", "9.8.7")
        #expect(prepared.status == 0, "\(prepared.text)")
        for name in ["training/pyproject.toml", "clients/python/pyproject.toml", "debian/changelog", "CHANGELOG.md"] {
            #expect(try clone.text(name).contains("9.8.7"), "\(name)")
        }
        #expect(try clone.text("CHANGELOG.md").contains(/## 9\.8\.7 \(20\d\d-\d\d-\d\d\)/))
        #expect(try clone.release("check").text.contains("not committed"))
        try clone.commit()
        let tagged = try clone.release("tag")
        #expect(tagged.status == 0, "\(tagged.text)")
        #expect(try clone.git("tag", "-l", "-n9", "v9.8.7").contains("All is new."))
        try clone.change("CHANGELOG.md", "# Changelog\n", to: "# Changelog\n\n## Unreleased\n\n- More.\n")
        #expect(try clone.release("prepare", "9.8.7").text.contains("v9.8.7 exists already"))
    }

    @Test(
        "What is not whole is refused, and why is said",
        arguments: [
            ("CHANGELOG.md", "# Changelog\n", "# Changes\n\n\n", "CHANGELOG.md does not begin"),
            ("CHANGELOG.md", "(2999-", "(1999-", "write that date"),
            ("clients/python/pyproject.toml", "version = \"0", "version = \"7", "has another version"),
            ("debian/changelog", "timbred (0", "timbred (7", "begins with another version"),
            (
                "models/default.md", "**real noise**: ", "**real noise**: Kazoo Orchestra, ",
                "NOTICE does not name Kazoo"
            ),
        ])
    func refused(name: String, old: String, new: String, reason: String) throws {
        let clone = try Clone()
        defer { clone.remove() }
        try clone.change(name, old, to: new)
        try clone.commit()
        let (status, text) = try clone.release("check")
        #expect(status == 1 && text.contains(reason), "\(text)")
    }

    @Test("A built file that was committed is refused")
    func stray() throws {
        let clone = try Clone()
        defer { clone.remove() }
        try clone.write("", to: "a.whl")
        try clone.git("add", "-f", "a.whl")
        try clone.commit()
        #expect(try clone.release("check").text.contains("built files are committed: a.whl"))
    }
}
