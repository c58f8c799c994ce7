// The setting of precision.

import Configuration
import Models
import NeuralNetwork
import SceneFixtures
import Testing

@testable import Engine

@Suite("Precision") struct PrecisionTests {
    @Test("auto is 8 bits where the processor has instructions for it, and the others are what they say")
    func meaning() {
        #expect(Precision(.full) == .full)
        #expect(Precision(.int8) == .int8)
        #expect(Precision(.auto) == (Precision.int8IsFast ? .int8 : .full))
    }

    @Test("hello and status tell which it is", arguments: [PrecisionSetting.full, .int8])
    func told(setting: PrecisionSetting) throws {
        let scene = try Scene()
        var settings = scene.settings("tone:440")
        settings.precision = setting
        let engine = try Engine(settings, modelPath: scene.model)
        #expect(engine.hello.precision == setting.rawValue)
        #expect(engine.status.contains { $0.name == "precision" && $0.value == .string(setting.rawValue) })
        #expect(engine.emulatesBytes == (setting == .int8 && !Precision.int8IsFast))
    }
}
