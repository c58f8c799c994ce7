// The script that makes a skipped test a failure must do so, or nobody would know what never ran.

import Foundation
import Testing

@Suite("scripts/check-skips")
struct SkipScriptTests {
    @Test(
        "In strict mode a skip that is not listed fails, and one that is listed does not",
        arguments: [
            ("➜ Test \"a\" skipped: \"pulseaudio is not installed\"", 1),
            ("➜ Suite \"b\" skipped: \"the sanitizer is not linked in: run scripts/rtsan-test\"", 0),
            ("SKIPPED [1] tests/test_a.py:42: no torch here", 1),
            ("SKIPPED [1] tests/test_a.py:42: set TIMBRE_DATA to the folder that holds realset/", 0),
            ("✔ Test \"that none is skipped: ever\" passed after 0.1 seconds.", 0),
        ])
    func strict(line: String, status: Int32) throws {
        let answer = try check(line, strict: "1")
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.text.contains(line) == !line.hasPrefix("✔"))
    }

    @Test("Without strict mode skips are named and nothing fails")
    func lenient() throws {
        let answer = try check("➜ Test \"a\" skipped: \"pulseaudio is not installed\"", strict: "0")
        #expect(answer.status == 0 && answer.text.contains("pulseaudio is not installed"))
    }

    private func check(_ line: String, strict: String) throws -> (status: Int32, text: String) {
        let log = NSTemporaryDirectory() + "timbre-skips-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: log) }
        try "◇ Test run started.\n\(line)\n".write(toFile: log, atomically: true, encoding: .utf8)
        return try run("scripts/check-skips", [log], environment: ["TIMBRE_STRICT": strict])
    }
}
