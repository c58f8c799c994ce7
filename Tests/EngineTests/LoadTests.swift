// The load figure while the analysis never rests.

import Configuration
import Foundation
import Models
import SceneFixtures
import TestSupport
import Testing

@testable import Engine

@Suite("Load") struct LoadTests {
    @Test("The CPU time of the analysis goes on to be told while it never rests")
    func saturated() throws {
        let scene = try Scene()
        // A file is read faster than the shipped model hears it, so there is always more to do.
        var generator = SeededGenerator(1)
        let noise = try scene.wave("noise.wav", generator.floats(120 * 44_100).map { 0.1 * $0 })
        var settings = scene.settings("file:\(noise)")
        settings.tags.enabled = false
        let engine = try Engine(settings, modelPath: BundledFile.model.path ?? scene.model)
        try engine.start()
        var told: [Double] = []
        while !engine.isFinished {
            engine.drain { _ in }
            let used = engine.analyses.reduce(0) { $0 + $1.cpuSeconds }
            if engine.seconds > 20, engine.seconds < 100, told.last != used { told.append(used) }
        }
        engine.stop { _ in }
        // Hundreds of times where it takes a second or more; twice would do for a figure that does not stand still.
        #expect(told.count > 20 && told == told.sorted(), "\(told)")
    }
}
