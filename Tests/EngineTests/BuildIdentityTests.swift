// The identity of a build is that of its machine code, and of nothing else in the file.

import CLinux
import Foundation
import Testing

@testable import Engine

@Suite("Build identity") struct BuildIdentityTests {
    @Test("it counts the sections of machine code, and nothing else, as readelf lists them")
    func sections() throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "readelf", "-SW", try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
        ]
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // [14] .text PROGBITS 000000000017ed20 17ed20 b4d280 00 AX 0 0 16
        let code = text.matches(
            of: /\] (\S+) +PROGBITS +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+) [0-9a-f]{2} +[WAMSILOGTCEop]*X/)
        let expected = code.compactMap { Int($0.output.2, radix: 16) }.filter { $0 > 0 }
        var sizes: [Int] = []
        var start: UnsafeRawPointer?
        while case let size = timbre_code_part(Int32(sizes.count), &start), size > 0 { sizes.append(size) }
        #expect(sizes == expected && code.contains { $0.output.1 == ".text" }, "\(text)")
        #expect(BuildIdentity.code.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    }
}
