// What a person sees of files as the field has them; each test is named after its case.

import Events
import Foundation
import SceneFixtures
import Testing

@Suite("timbre on files of the field") struct FieldToolTests {
    private func events(_ text: String) throws -> [Event] {
        try text.split(separator: "\n").filter { $0.hasPrefix("{") }.map {
            try NumberedEvent(line: ArraySlice($0.utf8)).event
        }
    }

    private func instruments(_ events: [Event]) -> [String] {
        events.compactMap { if case .on(let on) = $0.body { on.instrument } else { nil } }
    }

    @Test("dc-offset: neither a constant nor a swing below hearing lights an instrument of the bundled model")
    func dcOffset() throws {
        let scene = try Scene()
        let constant = try scene.wave("c.wav", [Float](repeating: 0.1, count: 176_400))
        let swing = try scene.wave("s.wav", (0..<176_400).map { Float(0.07 * sin(.pi * Double($0) / 44_100)) })
        for path in [constant, swing] {
            let run = try timbre("replay", path)
            let events = try events(run.text)
            #expect(run.status == 0 && instruments(events).isEmpty, "\(run.text.prefix(2000))")
        }
    }

    @Test("antiphase-stereo: a tune whose channels cancel is heard by one of them, and the lines say so")
    func antiphase() throws {
        let scene = try Scene()
        let tune = Scene.tones([(.cello, 0.8, 2.6)], seconds: 3)
        let path = try scene.wave("a.wav", tune.flatMap { [$0, -$0] }, channels: 2)
        let run = try timbre("replay", "-m", scene.model, path)
        let events = try events(run.text)
        #expect(run.status == 0 && instruments(events).contains("cello"))
        let messages = events.compactMap { if case .health(let health) = $0.body { health.message } else { nil } }
        #expect(messages.contains { $0.contains("channel 1 is analysed alone") && $0.contains("channels = 1") })
    }

    @Test("antiphase-stereo: verbs without lines say so on standard error, also of what they kept")
    func antiphaseInBatches() throws {
        let set = try SoundSet()
        let tune = Scene.tones([(.cello, 0.8, 2.6)], seconds: 3)
        let path = try set.scene.wave("set/a.wav", tune.flatMap { [$0, -$0] }, channels: 2)
        try set.record("b", [(.cello, 0.8, 2.6)], seconds: 3)
        for name in ["a", "b"] { try set.write("\(name).csv", "start,end,class\n0.8,2.6,cello\n") }
        let (out, kept) = (set.beside("out"), set.beside("kept"))
        let runs = [
            ["export", "-f", "csv", path], ["report", path, "-o", set.beside("r.html")],
            ["annotate", set.path, "-o", out], ["annotate", set.path, "-o", out, "--resume"],
            ["evaluate", set.path, "--resume", kept], ["evaluate", set.path, "--resume", kept, "--degrade", "band8k"],
        ]
        for words in runs {
            let run = try timbre(arguments: [words[0], "-m", set.scene.model] + words.dropFirst())
            let notices = run.text.split(separator: "\n").filter { $0.contains("channels cancel") }
            #expect(run.status == 0 && notices.count == 1, "\(words): \(run.text)")
            #expect(notices.allSatisfy { $0.hasPrefix("timbre: \(path): at ") && $0.contains("channels = 1 selects") })
        }
        let summary = String(decoding: try Data(contentsOf: URL(filePath: out + "/a.wav.timbre.json")), as: UTF8.self)
        #expect(summary.contains("\"notices\":[\"at ") && summary.contains("the channels cancel each other"))
        #expect(try timbre("report", out, "-o", set.beside("s.html")).text.contains("timbre: a.wav: at "))
    }

    @Test("ogg-chained-rate-changes: recordings of two rates in one file are one stream whose time goes on")
    func rateChanges() throws {
        let scene = try Scene()
        let first = try scene.wave("1.wav", Scene.tones([(.cello, 0.2, 0.8)], seconds: 1, rate: 32_000), rate: 32_000)
        let second = try scene.wave("2.wav", Scene.tones([(.horn, 0.5, 1.5)], seconds: 2, rate: 22_050), rate: 22_050)
        let path = scene.folder.path + "/both.wav"
        try (Data(contentsOf: URL(filePath: first)) + Data(contentsOf: URL(filePath: second))).write(
            to: URL(filePath: path))
        let run = try timbre("replay", "-m", scene.model, path)
        let events = try events(run.text)
        #expect(run.status == 0 && instruments(events) == ["cello", "horn"])
        let horn = events.first { if case .on(let on) = $0.body { on.instrument == "horn" } else { false } }
        #expect(abs((horn?.position?.time.seconds ?? 0) - 1.5) < 0.4)
        // All hops of three seconds.
        #expect(abs((events.last?.position?.time.seconds ?? 0) - 3) < 0.012)
        #expect(!events.contains { if case .discontinuity = $0.body { true } else { false } })
    }

    @Test(
        "flac-damaged-middle, wav cut short: what is there is heard, and standard error says place and loss, status 65")
    func damaged() throws {
        let scene = try Scene()
        let path = try scene.wave("a.wav", Scene.tones([(.cello, 0.2, 1.8)], seconds: 2))
        #expect(truncate(path, 44 + 132_300) == 0)
        let run = try timbre("replay", "-m", scene.model, path)
        let events = try events(run.text)
        #expect(run.status == 65 && instruments(events) == ["cello"])
        #expect(run.text.contains("a.wav: it ends at 1.5 s, before the length in its header"))
    }
}
