// Holds event lines to the published schema, with the validator that users have.

import Foundation

/// Runs `scripts/validate-events`.
public enum EventLineValidator {
    /// 69 is what the script says when Python's jsonschema is missing.
    public static let isInstalled = (try? validate([]).status) == 1
    /// Why tests are skipped without.
    public static let reason = "Python's jsonschema is missing: install python3-jsonschema"

    /// Its exit status for these lines, 0 when all are well, and what it printed.
    public static func validate(_ lines: [UInt8]) throws -> (status: Int32, output: String) {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = root.appending(path: "scripts/validate-events")
        let input = FileManager.default.temporaryDirectory.appending(path: "lines-\(UUID().uuidString).jsonl")
        try Data(lines).write(to: input)
        defer { try? FileManager.default.removeItem(at: input) }
        process.arguments = [input.path()]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
