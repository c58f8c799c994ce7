// Several analysis threads.

import Configuration
import Events
import Foundation
import SceneFixtures
import System
import Testing

@testable import Engine

@Suite("Analysis threads") struct AnalysisThreadsTests {
    @Test("share the sources evenly, in order, four or more each while there are enough", arguments: 1...70)
    func groups(sources: Int) {
        for threads in [1, 2, 3, 4, 16, 256] {
            let groups = Engine.groups(sources: sources, threads: threads)
            #expect(groups.count <= threads && groups.count <= (sources + 3) / 4)
            #expect(groups.first?.lowerBound == 0 && groups.last?.upperBound == sources)
            #expect(zip(groups, groups.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
            let sizes = groups.map(\.count)
            #expect((sizes.min() ?? 0) >= 1 && (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
    }

    @Test("Promise 6: every stream has the same events whatever the number of threads")
    func sameEvents() throws {
        let scene = try Scene()
        let path = try scene.wave("a.wav", Scene.tones([(.oboe, 0.2, 0.8), (.horn, 0.5, 1.2)], seconds: 1.5))
        let other = try scene.wave("b.wav", Scene.tones([(.cello, 0.1, 0.9)], seconds: 1.2, rate: 48_000), rate: 48_000)
        var settings = scene.settings("file:\(path)")
        settings.streams = (0..<11).map { number in
            StreamSettings(name: "s\(number)", source: "file:\(number % 3 == 0 ? other : path)")
        }
        let models = try EngineModels(settings, path: scene.model)

        /// The lines of each stream.
        func lines(threads: Int) throws -> [String: [[UInt8]]] {
            let engine = try Engine(settings, models, hasWall: false, threads: threads)
            var encoder = EventEncoder()
            var lines: [String: [[UInt8]]] = [:]
            func take(_ event: Event) {
                guard let stream = event.position?.stream else { return }
                lines[stream, default: []].append(encoder.line(event, sequence: 1))
            }
            try engine.start()
            #expect(engine.analyses.count == min(threads, 3))
            while !engine.isFinished {
                if !engine.drain(take) { SystemClock.sleep(nanoseconds: 1_000_000) }
            }
            engine.stop(take)
            return lines
        }

        let one = try lines(threads: 1)
        #expect(one.count == 11 && one.values.allSatisfy { $0.count > 20 })
        for threads in [2, 3, 8] { #expect(try lines(threads: threads) == one) }
    }
}
