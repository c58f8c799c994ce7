// The script that fuzzes must fail for a fault in a parser, or nobody would ever hear of it.

import Foundation
import SceneFixtures
import Testing

@Suite("scripts/fuzz")
struct FuzzScriptTests {
    @Test(
        "A planted crash fails the script and leaves the input behind, with the address sanitizer or without",
        arguments: [[], ["--without-asan"]])
    func crash(options: [String]) throws {
        let body = "if count > 0, bytes?[0] == 0x46 { fatalError(\"planted\") }"
        let (status, text) = try fuzz("Crashing", body: body, options)
        #expect(status == 1)
        #expect(text.contains("Fatal error: planted"), "\(text)")
        #expect(text.contains("crash-Crashing-"), "\(text)")
    }

    @Test("A byte read beyond the input fails the script")
    func overrun() throws {
        let (status, text) = try fuzz("Overrunning", body: "if bytes?[count] == 0x46 { print(count) }")
        #expect(status == 1)
        #expect(text.contains("heap-buffer-overflow"), "\(text)")
    }

    @Test("An entry that accepts everything passes, and the inputs are counted")
    func sound() throws {
        let (status, text) = try fuzz("Sound", body: "")
        #expect(status == 0, "\(text)")
        #expect(try #/fuzz: Sound: [1-9]\d* inputs, no fault/#.firstMatch(in: text) != nil, "\(text)")
    }

    @Test("An entry that does not exist, and a folder without entries, are errors")
    func missing() throws {
        #expect(try run("scripts/fuzz", ["--runs", "10", "1", "Nothing"]).status == 66)
        let empty = try withFolder { try run("scripts/fuzz", ["--entries", $0, "--runs", "10"]) }
        #expect(empty.status == 66)
    }

    private func fuzz(_ name: String, body: String, _ options: [String] = []) throws -> (status: Int32, text: String) {
        let entry = """
            @_cdecl("LLVMFuzzerTestOneInput")
            func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
                \(body)
                return 0
            }

            """
        return try withFolder { folder in
            try entry.write(toFile: "\(folder)/\(name)Fuzz.swift", atomically: true, encoding: .utf8)
            return try run("scripts/fuzz", options + ["--entries", folder, "--runs", "20000", "1", name])
        }
    }

    private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = NSTemporaryDirectory() + "timbre-fuzz-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
