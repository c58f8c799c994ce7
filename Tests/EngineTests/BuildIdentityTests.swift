// The identity of a build is that of what decides the program's work, and of nothing else in the file.

import CLinux
import Foundation
import SceneFixtures
import Testing

@testable import Engine

@Suite("Build identity") struct BuildIdentityTests {
    /// Sections of a program that differ between builds of the same sources.
    private static let varying: Set = [".timbre_revision", ".swift_modhash"]

    private struct Section {
        let name: String, type: String, flags: String
        let offset: Int, size: Int
    }

    private func output(_ words: String...) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = words
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(words): \(text)")
        return text
    }

    /// The sections of a program as readelf lists them.
    private func sections(_ path: String) throws -> [Section] {
        // [14] .text PROGBITS 000000000017ed20 17ed20 b4d280 00 AX 0 0 16
        try output("readelf", "-SW", path).matches(
            of: /\] (\S+) +(\S+) +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+) [0-9a-f]{2} +([A-Za-z]*)\s/
        ).map { match in
            Section(
                name: String(match.1), type: String(match.2), flags: String(match.5),
                offset: try #require(Int(match.3, radix: 16)), size: try #require(Int(match.4, radix: 16)))
        }
    }

    /// A copy of the tool that may be changed.
    private func withCopy(_ body: (URL) throws -> Void) throws {
        let copy = FileManager.default.temporaryDirectory.appending(path: "identity-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: RunningDaemon.program("timbre"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        try body(copy)
    }

    private func write(_ bytes: [UInt8], at offset: Int, of file: URL) throws {
        let handle = try FileHandle(forWritingTo: file)
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: bytes)
        try handle.close()
    }

    @Test("it counts machine code, constants, tables and their addresses, as readelf lists them")
    func counted() throws {
        let path = "/proc/self/exe"
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        var parts: [[Int]] = []
        var offset: off_t = 0
        while case let size = timbre_program_part(file, Int32(parts.count), &offset), size > 0 {
            parts.append([offset, size])
        }
        let expected = try sections(try FileManager.default.destinationOfSymbolicLink(atPath: path)).filter {
            ["PROGBITS", "RELA"].contains($0.type) && $0.flags.contains("A") && $0.size > 0
                && !Self.varying.contains($0.name)
        }
        #expect(parts == expected.map { [$0.offset, $0.size] })
        #expect(Set(expected.map(\.name)).isSuperset(of: [".text", ".rodata", ".data", ".data.rel.ro", ".rela.dyn"]))
        #expect(BuildIdentity.code.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        #expect(BuildIdentity.code == BuildIdentity.code(ofProgram: path))
    }

    @Test("one byte of a constant gives another code; a revision, the compiler's hash and the build ID do not")
    func bytes() throws {
        try withCopy { copy in
            let code = BuildIdentity.code(ofProgram: copy.path)
            #expect(try output(copy.path, "--version").contains("code \(code.prefix(12))"))
            let content = try Data(contentsOf: copy)
            var seen: Set<String> = []
            for section in try sections(copy.path) where section.flags.contains("A") && section.type != "NOBITS" {
                let isCode = [".text", ".rodata", ".data", ".data.rel.ro", ".rela.dyn"].contains(section.name)
                guard isCode || Self.varying.contains(section.name) || section.name == ".note.gnu.build-id" else {
                    continue
                }
                seen.insert(section.name)
                let offset = section.offset + section.size / 2
                try write([content[offset] ^ 1], at: offset, of: copy)
                #expect((BuildIdentity.code(ofProgram: copy.path) != code) == isCode, "\(section.name)")
                try write([content[offset]], at: offset, of: copy)
            }
            #expect(seen.isSuperset(of: [".rodata", ".data"]) && seen.isSuperset(of: Self.varying))
        }
    }

    @Test("a program with another revision tells it, and has the same code; so has a stripped one")
    func revision() throws {
        try withCopy { copy in
            let code = BuildIdentity.code(ofProgram: copy.path)
            let section = try #require(try sections(copy.path).first { $0.name == ".timbre_revision" })
            // The address sanitizer pads it.
            #expect(section.size >= 96)
            try write(Array("v9.8.7-6-gabcdef0\0".utf8), at: section.offset, of: copy)
            #expect(try output(copy.path, "--version").contains("v9.8.7-6-gabcdef0, code \(code.prefix(12))"))
            _ = try output("strip", copy.path)
            #expect(BuildIdentity.code(ofProgram: copy.path) == code)
        }
    }
}
