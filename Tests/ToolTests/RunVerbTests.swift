// run: one module alone, with real programs.

import Foundation
import SceneFixtures
import Testing

@Suite struct RunVerbTests {
    private func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    @Test("source prints the format, the level of each second, and what was counted") func source() throws {
        let scene = try Scene()
        let file = try scene.wave("half.wav", [Float](repeating: 0.5, count: 2 * 8_000), rate: 8_000, channels: 1)
        let result = try timbre("run", "source", file)
        #expect(result.status == 0)
        let found = lines(result.text)
        #expect(found.first == "file:\(file): 8000 Hz, 1 channels, not live")
        #expect(found.dropFirst().prefix(2) == ["1.0 s  peak -6.0 dBFS", "2.0 s  peak -6.0 dBFS"])
        #expect(found.last?.hasPrefix("16000 frames in ") == true)
        #expect(found.last?.hasSuffix(" 0 losses of 0 frames") == true)
    }

    @Test("a live source ends after --seconds") func live() throws {
        let result = try timbre("run", "source", "tone:440", "--seconds", "1.5")
        #expect(result.status == 0)
        #expect(lines(result.text).contains("1.0 s  peak -12.0 dBFS"))
    }

    @Test("front-end names the bin of a tone, and model says what it hears") func modules() throws {
        let scene = try Scene()
        let tone = (0..<3 * 44_100).map { Float(0.3 * sin(2 * .pi * 440 * Double($0) / 44_100)) }
        let file = try scene.wave("tone.wav", tone, rate: 44_100)
        let features = try timbre("run", "front-end", file, "--model", scene.model)
        #expect(features.status == 0)
        #expect(lines(features.text).dropFirst(2).first?.contains("loudest 440.0 Hz") == true, "\(features.text)")
        let model = try timbre("run", "model", file, "--model", scene.model)
        #expect(model.status == 0)
        #expect(lines(model.text).count >= 4 && lines(model.text).last?.hasSuffix("times real time") == true)
    }

    @Test("what is not there is said with its remedy, and the main help does not list the verb") func refusals() throws
    {
        let missing = try timbre("run", "source", "/nonexistent.wav")
        #expect(missing.status == 66)
        #expect(try timbre("run", "source", "puls:x").status == 64)
        #expect(try timbre("run", "engine", "x").status == 64)
        #expect(try !timbre("--help").text.contains("\n  run "))
        #expect(try timbre("run", "--help").text.contains("MODULE"))
    }
}
