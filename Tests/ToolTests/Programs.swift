// Runs real programs for the tests of this target.

import Foundation
import SceneFixtures

/// The root of the package.
let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Whether a program can be found in PATH.
func hasProgram(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
}

/// Exit status and everything a program wrote, run at the root of the package.
func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
) throws -> (status: Int32, text: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.currentDirectoryURL = packageRoot
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
}

/// Exit status and everything that the tool wrote.
func timbre(_ arguments: String..., environment: [String: String] = [:]) throws -> (status: Int32, text: String) {
    try timbre(arguments: arguments, environment: environment)
}

/// The same for arguments in a list.
func timbre(arguments: [String], environment: [String: String] = [:]) throws -> (status: Int32, text: String) {
    try run(RunningDaemon.program("timbre").path, arguments, environment: environment)
}
