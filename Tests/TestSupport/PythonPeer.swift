// Asks the Python libraries that the field trusts, in the environment that `scripts/setup peers` makes.

import Foundation

/// Runs Python with the packages of `Tests/peers/requirements.txt`.
public enum PythonPeer {
    /// Why tests are skipped without.
    public static let reason = "the Python packages of Tests/peers are missing: run scripts/setup peers"

    /// A script that ended badly, with what it said.
    public struct Failure: Error, CustomStringConvertible {
        /// Exit status and standard error.
        public let description: String
    }

    private static let interpreter = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: ".build/peers/bin/python")

    /// Whether all of these modules can be found; none of them is loaded.
    public static func isInstalled(_ modules: String...) -> Bool {
        let script = """
            import importlib.util, sys
            sys.exit(any(importlib.util.find_spec(name) is None for name in sys.argv[1:]))
            """
        return (try? run(script, arguments: modules)) != nil
    }

    /// What `script` printed, given `input` on standard input and `arguments` in `sys.argv[1:]`.
    public static func run(_ script: String, arguments: [String] = [], input: [UInt8] = []) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appending(path: "peer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, not pipes: nobody waits for anybody.
        let (source, complaints) = (folder.appending(path: "input"), folder.appending(path: "complaints"))
        try Data(input).write(to: source)
        try Data().write(to: complaints)
        let process = Process()
        let output = Pipe()
        process.executableURL = interpreter
        // Warnings of deprecation are the libraries' own affair.
        process.arguments = ["-W", "ignore", "-c", script] + arguments
        process.standardInput = try FileHandle(forReadingFrom: source)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: complaints)
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaint = String(decoding: (try? Data(contentsOf: complaints)) ?? Data(), as: UTF8.self)
            throw Failure(description: "Python ended with \(process.terminationStatus): \(complaint)")
        }
        return String(decoding: text, as: UTF8.self)
    }
}
