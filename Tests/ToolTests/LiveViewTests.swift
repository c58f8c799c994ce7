// The live view on a real pseudo-terminal, which script(1) provides.

import Foundation
import SceneFixtures
import Testing

@Suite(.enabled(if: hasProgram("script"), "script is not installed"))
struct LiveViewTests {
    private static let taken = "\u{1B}[?1049h"
    private static let given = "\u{1B}[?25h\u{1B}[?1049l"

    /// The command that shows a demo over `seconds` of a tone on a terminal of 30 rows.
    private func demo(_ scene: Scene, seconds: Double) throws -> String {
        let file = try scene.wave("tone.wav", Scene.tones([(.horn, 0, seconds)], seconds: seconds))
        let tool = RunningDaemon.program("timbre").path
        return "stty rows 30 columns 80; exec '\(tool)' demo -m '\(scene.model)' '\(file)'"
    }

    @Test("The view appears, shows the instrument, gives the terminal back and leaves the chart")
    func whole() throws {
        let scene = try Scene()
        let result = try run(
            "script", ["-qec", try demo(scene, seconds: 1.5), "/dev/null"], environment: ["NO_COLOR": ""])
        #expect(result.status == 0)
        let parts = result.text.split(separator: Self.given)
        #expect(parts.count == 2 && parts.first?.hasPrefix(Self.taken) == true)
        #expect(parts.first?.contains(" ● horn ") == true)
        #expect(parts.first?.contains("\u{1B}[1;38;5;221m") == true)
        #expect(parts.last?.contains("\nhorn ") == true)
    }

    @Test("A signal gives the terminal back, too", arguments: [SIGINT, SIGTERM, SIGHUP])
    func interrupted(signal: Int32) throws {
        let scene = try Scene()
        let (screen, number) = (scene.folder.path + "/screen", scene.folder.path + "/pid")
        let script = Process()
        script.executableURL = URL(filePath: "/usr/bin/env")
        script.arguments = ["script", "-qefc", "echo $$ > '\(number)'; \(try demo(scene, seconds: 30))", screen]
        script.environment = ProcessInfo.processInfo.environment.merging(["NO_COLOR": ""]) { $1 }
        script.standardInput = FileHandle.nullDevice
        script.standardOutput = FileHandle.nullDevice
        try script.run()
        func shown() -> String { (try? String(contentsOfFile: screen, encoding: .utf8)) ?? "" }
        // Only what was taken can be given back.
        let end = Date() + 60
        while !shown().contains(Self.taken), script.isRunning, Date() < end { usleep(10_000) }
        let process = try #require(
            Int32(String(contentsOfFile: number, encoding: .utf8).trimmingCharacters(in: .newlines)))
        kill(process, signal)
        script.waitUntilExit()
        #expect(script.terminationStatus == 0)
        #expect(shown().contains(Self.taken) && shown().contains(Self.given))
    }
}
