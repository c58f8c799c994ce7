// The live view on a real pseudo-terminal, which script(1) provides.

import Foundation
import SceneFixtures
import Testing

@Suite(.enabled(if: hasProgram("script"), "script is not installed"))
struct LiveViewTests {
    private static let taken = "\u{1B}[?1049h"
    private static let given = "\u{1B}[?25h\u{1B}[?1049l"

    /// Everything a terminal would get from a demo over `seconds` of a tone, ended by `ending` before the command.
    private func demo(seconds: Double, ending: String = "") throws -> (status: Int32, text: String) {
        let scene = try Scene()
        let file = try scene.wave("tone.wav", Scene.tones([(.horn, 0, seconds)], seconds: seconds))
        let tool = RunningDaemon.program("timbre").path
        let command = "stty rows 30 columns 80; \(ending) '\(tool)' demo -m '\(scene.model)' '\(file)'"
        return try run("script", ["-qec", command, "/dev/null"], environment: ["NO_COLOR": ""])
    }

    @Test("The view appears, shows the instrument, gives the terminal back and leaves the chart")
    func whole() throws {
        let result = try demo(seconds: 1.5)
        #expect(result.status == 0)
        let parts = result.text.split(separator: Self.given)
        #expect(parts.count == 2 && parts.first?.hasPrefix(Self.taken) == true)
        #expect(parts.first?.contains(" ● horn ") == true)
        #expect(parts.first?.contains("\u{1B}[1;38;5;221m") == true)
        #expect(parts.last?.contains("\nhorn ") == true)
    }

    @Test("A signal gives the terminal back, too", arguments: ["INT", "TERM", "HUP"])
    func interrupted(signal: String) throws {
        let result = try demo(seconds: 8, ending: "timeout --foreground --preserve-status -s \(signal) 3")
        #expect(result.status == 0)
        #expect(result.text.contains(Self.taken) && result.text.contains(Self.given))
    }
}
