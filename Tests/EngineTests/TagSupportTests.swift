// What tags do to the thresholds of the moment.

import Configuration
import Events
import Foundation
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Tag support") struct TagSupportTests {
    private func support(_ probabilities: [Float], instruments: [String]) -> [Float] {
        let description = ClipDescription(
            name: "two", architecture: .attention, width: 1, windowPatches: 10, classes: [.cello, .voice],
            thresholds: [0.5, 0.8])
        let support = TagSupport(description, instruments: instruments.map { .init(name: $0, family: "any") })
        return probabilities.map { ClipTag(probability: $0, focus: nil) }.withUnsafeBufferPointer(support.support)
    }

    @Test("is the log of a tag's odds over those of its threshold, within a limit either way, by the name of the class")
    func value() {
        let found = support([0.6, 0.8], instruments: ["voice", "drums", "cello"])
        #expect(abs(found[0]) < 1e-6 && found[1] == 0)
        #expect(abs(found[2] - log(Float(1.5))) < 1e-6)
        #expect(support([0, 1], instruments: ["cello", "voice"]) == [-TagSupport.limit, TagSupport.limit])
        #expect(support([.nan, 0.79], instruments: ["cello"]) == [0])
    }

    @Test("sends off what the whole window speaks against, from the first tags on, and one key turns that off")
    func replay() throws {
        let scene = try Scene()
        let sound = try scene.wave("a.wav", Scene.tones([(.cello, 0, 4)], seconds: 4))
        // Tags that speak against everything: no probability reaches such a threshold.
        let bytes = try encodeClipModel(width: 1, classes: [.cello], windowPatches: 2, threshold: 0.999)
        try Data(bytes).write(to: URL(fileURLWithPath: scene.clipModel))
        var settings = scene.settings("file:\(sound)")
        settings.events.activityRate = 1000
        let level = try steadyLevel(try scene.replay(settings))
        // Just reached, and no more: half of what the tags can do.
        let odds = Double(level) / (1 - Double(level))
        var override = InstrumentOverride(instrument: "cello")
        override.on = 1 / (1 + exp(0.2) / odds)
        override.off = 1 / (1 + exp(0.3) / odds)
        settings.events.overrides = [override]
        func ends() throws -> [Double] {
            try scene.replay(settings).compactMap { event in
                guard case .off(let off) = event.body, off.instrument == "cello" else { return nil }
                return event.position?.time.seconds
            }
        }
        #expect(level > 0.1 && level < 0.999)
        let first = try #require(try ends().first)
        #expect(first > 0.96 && first < 2.5)
        settings.tags.supportEvents = false
        #expect(try #require(try ends().first) > 3.9)
    }

    /// The activity of the cello at 3 s.
    private func steadyLevel(_ events: [Event]) throws -> Float {
        let levels: [Float] = events.compactMap { event in
            guard case .activity(let activity) = event.body, let time = event.position?.time.seconds, time > 3,
                let index = activity.instruments.firstIndex(of: "cello")
            else { return nil }
            return activity.levels[index]
        }
        return try #require(levels.first)
    }
}
