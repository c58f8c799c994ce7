// The ring's protocol under every interleaving and every allowed delay of a store, with the model checker spin.

import Foundation
import Testing

@Suite("Ring model")
struct RingModelTests {
    static let tools = ["spin", "cc"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }

    @Test(
        "spin finds no error in the protocol, and finds the error in each of three broken ones",
        .enabled(if: tools, "spin is not installed; scripts/setup installs it"))
    func protocolHolds() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let output = FileManager.default.temporaryDirectory.appending(path: "timbre-model-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: output) }
        // By way of the shell, whose exit status is the verdict; a Process would need a run loop to see it.
        let status = system("'\(root.path)/scripts/model-check/check' >'\(output.path)' 2>&1")
        let report = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        #expect(status == 0, "\(report)")
        #expect(report.components(separatedBy: "refused").count == 4)
    }
}
