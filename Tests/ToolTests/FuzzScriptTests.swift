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

    @Test(
        "A hang, and an input that takes more than 1 GiB, fail the script",
        arguments: [
            ("Hanging", "while bytes?[0] == 0x46 { usleep(1000) }", "libFuzzer: timeout"),
            (
                "Greedy", "if count > 0, bytes?[0] == 0x46, let memory = malloc(5 << 28) { print(memory) }",
                "libFuzzer: out-of-memory"
            ),
        ])
    func limits(name: String, body: String, fault: String) throws {
        let (status, text) = try fuzz(name, body: body)
        #expect(status == 1)
        #expect(text.contains(fault), "\(text)")
    }

    @Test("What is kept are the inputs that cover the most, and the next run begins with them")
    func kept() throws {
        try withFolder { folder in
            let body = "if count > 1, bytes?[0] == 0x46, bytes?[1] == 0x5A { print(count) }"
            #expect(try fuzz("Keeping", body: body, ["--keep"], runs: 200_000, in: folder).status == 0)
            let inputs = "\(folder)/inputs"
            try FileManager.default.createDirectory(atPath: inputs, withIntermediateDirectories: true)
            let unpacking = try run("tar", ["-xzf", "\(folder)/Corpus/Keeping.tar.gz", "-C", inputs])
            #expect(unpacking.status == 0, "\(unpacking.text)")
            let names = try FileManager.default.contentsOfDirectory(atPath: inputs)
            let kept = try names.map { try Data(contentsOf: URL(fileURLWithPath: "\(inputs)/\($0)")) }
            #expect(kept.contains { $0.starts(with: [0x46, 0x5A]) }, "\(kept.map { Array($0) })")

            // Without the kept inputs these few runs would not find the pair of bytes.
            try FileManager.default.removeItem(at: packageRoot.appending(path: ".build/fuzz/corpus/Keeping"))
            let crash = body.replacingOccurrences(of: "print(count)", with: "fatalError(\"kept\")")
            let (status, text) = try fuzz("Keeping", body: crash, runs: 1, in: folder)
            #expect(status == 1 && text.contains("Fatal error: kept"), "\(text)")
        }
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

    /// Fuzzes an entry that does `body` with each input; it stands in `folder`, or in one of its own.
    private func fuzz(
        _ name: String, body: String, _ options: [String] = [], runs: Int = 20_000, in folder: String? = nil
    ) throws -> (status: Int32, text: String) {
        guard let folder else { return try withFolder { try fuzz(name, body: body, options, runs: runs, in: $0) } }
        let entry = """
            import Glibc

            @_cdecl("LLVMFuzzerTestOneInput")
            func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
                \(body)
                return 0
            }

            """
        // A seed, so that no fault that is planted behind this byte is left to chance.
        let seeds = "\(folder)/Seeds/\(name)"
        try FileManager.default.createDirectory(atPath: seeds, withIntermediateDirectories: true)
        try Data([0x46]).write(to: URL(fileURLWithPath: seeds + "/byte"))
        try entry.write(toFile: "\(folder)/\(name)Fuzz.swift", atomically: true, encoding: .utf8)
        return try run("scripts/fuzz", options + ["--entries", folder, "--runs", "\(runs)", "1", name])
    }

    private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
        let folder = NSTemporaryDirectory() + "timbre-fuzz-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }
}
