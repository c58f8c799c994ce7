// The completion scripts and the manual page in the real shells and the real formatter.

import CommandLine
import Foundation
import Testing

@Suite struct ShellTests {
    @Test(
        "bash completes verbs, options, values and lists", .enabled(if: has("bash"), "bash is not installed"),
        arguments: [
            ("tune ", "play say --version --help"), ("tune pl", "play"), ("tune play --sp", "--speed"),
            ("tune play --format ", "json text"), ("tune play --format = j", "json"),
            ("tune play --type on,o", "on,on on,off"), ("tune play -m Pack", "Package.swift"), ("tune say l", "loud"),
            ("tune play --speed ", ""),
        ])
    func bash(line: String, expected: String) throws {
        let words = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
        let script = """
            \(sample.completions(for: .bash))
            compopt() { :; }
            COMP_WORDS=(\(words.joined(separator: " "))); COMP_CWORD=\(words.count - 1); _tune; echo "${COMPREPLY[*]}"
            """
        #expect(try output(of: "bash", ["-c", script]) == expected + "\n")
    }

    @Test(
        "fish completes verbs, options, values and lists", .enabled(if: has("fish"), "fish is not installed"),
        arguments: [
            ("tune p", ["play"]), ("tune play --sp", ["--speed"]), ("tune play --format ", ["json", "text"]),
            ("tune play --type on,o", ["on,off", "on,on"]),
            ("tune say l", ["loud"]), ("tune play Pack", ["Package.swift"]),
        ])
    func fish(line: String, expected: [String]) throws {
        let script = sample.completions(for: .fish) + "\ncomplete -C '\(line)'"
        let lines = try output(of: "fish", ["--no-config", "-c", script]).split(separator: "\n")
        let words = lines.map { String($0.prefix { $0 != "\t" }) }
        #expect(words == expected)
    }

    @Test(
        "zsh completes verbs, options, values and lists", .enabled(if: has("zsh"), "zsh is not installed"),
        arguments: [
            ("tune ", ["play", "say"]), ("tune play --sp", ["--speed"]), ("tune play --format ", ["json", "text"]),
            ("tune play --type o", ["off", "on"]), ("tune say l", ["loud"]), ("tune play Pack", ["Package.swift"]),
        ])
    func zsh(line: String, expected: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tune-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try sample.completions(for: .zsh).write(to: folder.appending(path: "_tune"), atomically: true, encoding: .utf8)
        let driver = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "zsh-complete.zsh").path
        let found = try output(of: "zsh", ["-f", driver, folder.path, line]).split(separator: "\n").map(String.init)
        #expect(Set(found) == Set(expected))
    }

    @Test("mandoc finds nothing to say about the manual page", .enabled(if: has("mandoc"), "mandoc is not installed"))
    func mandoc() throws {
        let page = FileManager.default.temporaryDirectory.appending(path: "tune-\(UUID().uuidString).1")
        defer { try? FileManager.default.removeItem(at: page) }
        try sample.manual(date: "November 21, 2026").write(to: page, atomically: true, encoding: .utf8)
        #expect(try output(of: "mandoc", ["-T", "lint", "-W", "warning", page.path]) == "")
        #expect(try output(of: "mandoc", ["-T", "markdown", page.path]).contains("**--speed** *FACTOR*"))
    }
}

private func has(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
}

/// Standard output and error of a program, run at the root of the package.
private func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
}
