// The model's settings and the configuration's overrides, brought together.

import Configuration
import Events
import Models
import SceneFixtures
import Testing

@testable import Engine

@Suite("Settings of a model") struct TrackerSettingsTests {
    @Test("are one for all classes or one a class, and the configuration goes before either")
    func overrides() throws {
        let scene = try Scene()
        var model = try ModelFile(contentsOf: scene.model).description
        let count = model.classes.count
        let oboe = try #require(model.classes.firstIndex(of: .oboe))
        let plain = try TrackerSettings(model, EventSettings())
        #expect(plain.instruments.allSatisfy { $0.minimumOn == 80 && $0.minimumOff == 60 })

        model.minimumOnMilliseconds = .each((0..<count).map(Double.init))
        model.minimumOffMilliseconds = .each((0..<count).map { 10 * Double($0) })
        let each = try TrackerSettings(model, EventSettings())
        #expect(each.instruments.map(\.minimumOn) == (0..<count).map(Double.init))
        #expect(each.instruments.map(\.minimumOff) == (0..<count).map { 10 * Double($0) })

        var settings = EventSettings()
        settings.minimumOn = 333
        var own = InstrumentOverride(instrument: "oboe")
        own.minimumOn = 7
        own.minimumOff = 8
        own.on = 0.9
        settings.overrides = [own]
        let overridden = try TrackerSettings(model, settings)
        for (index, instrument) in overridden.instruments.enumerated() where index != oboe {
            #expect(instrument.minimumOn == 333 && instrument.minimumOff == 10 * Double(index))
        }
        #expect(
            overridden.instruments[oboe] == (try HysteresisSettings(on: 0.9, off: 0.3, minimumOn: 7, minimumOff: 8)))
    }
}
