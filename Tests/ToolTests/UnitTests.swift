// The systemd units as systemd itself judges them.

import Foundation
import Testing

@Suite(.enabled(if: hasProgram("systemd-analyze"), "systemd-analyze is not installed"))
struct UnitTests {
    @Test("systemd finds no fault in the system units")
    func system() throws {
        let folder = try unitsWithPresentProgram()
        defer { try? FileManager.default.removeItem(at: folder) }
        let units = ["timbred.service", "timbred.socket"].map { folder.appending(path: $0).path }
        let result = try run("systemd-analyze", ["verify", "--man=no"] + units)
        #expect(result.status == 0 && result.text == "", "\(result.text)")
    }

    @Test("systemd finds no fault in the user unit")
    func user() throws {
        let folder = try unitsWithPresentProgram()
        defer { try? FileManager.default.removeItem(at: folder) }
        let unit = folder.appending(path: "user/timbred.service").path
        let result = try run(
            "systemd-analyze", ["verify", "--man=no", "--user", unit], environment: ["XDG_RUNTIME_DIR": folder.path])
        #expect(result.status == 0 && result.text == "", "\(result.text)")
    }

    @Test("The system service's exposure is at most 0.9")
    func exposure() throws {
        let folder = try unitsWithPresentProgram()
        defer { try? FileManager.default.removeItem(at: folder) }
        let unit = folder.appending(path: "timbred.service").path
        let result = try run(
            "systemd-analyze", ["security", "--offline=true", "--threshold=9", "--no-pager", unit])
        #expect(result.status == 0, "\(result.text)")
        #expect(result.text.contains("Overall exposure level for timbred.service: 0."))
    }

    @Test("systemd finds no fault in the unit of the bridge, and its exposure is at most 2.0")
    func bridge() throws {
        let folder = try unitsWithPresentProgram()
        defer { try? FileManager.default.removeItem(at: folder) }
        let unit = folder.appending(path: "timbred-bridge.service").path
        let verified = try run("systemd-analyze", ["verify", "--man=no", unit])
        #expect(verified.status == 0 && verified.text == "", "\(verified.text)")
        let judged = try run("systemd-analyze", ["security", "--offline=true", "--threshold=20", "--no-pager", unit])
        #expect(judged.status == 0, "\(judged.text)")
        #expect(judged.text.contains("Overall exposure level for timbred-bridge.service: 1."))
    }

    @Test("The user service's exposure is at most 6.0: what is left needs privileges that it has not")
    func userExposure() throws {
        let folder = try unitsWithPresentProgram()
        defer { try? FileManager.default.removeItem(at: folder) }
        let unit = folder.appending(path: "user/timbred.service").path
        let result = try run(
            "systemd-analyze", ["security", "--offline=true", "--threshold=60", "--no-pager", unit])
        #expect(result.status == 0, "\(result.text)")
    }

    /// A copy of the units that starts a program which is there, because timbred may not be installed.
    private func unitsWithPresentProgram() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "units-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: packageRoot.appending(path: "systemd"), to: folder)
        for (name, program) in [
            ("timbred.service", "timbred"), ("user/timbred.service", "timbred"), ("timbred-bridge.service", "timbre"),
        ] {
            let file = folder.appending(path: name)
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.contains("ExecStart=/usr/bin/\(program) "))
            try text.replacing("/usr/bin/\(program) ", with: "/bin/true ").write(
                to: file, atomically: true, encoding: .utf8)
        }
        return folder
    }
}
