// What the delivery thread takes at once.

import Configuration
import EventServer
import Events
import Glibc
import SceneFixtures
import System
import Testing

@testable import Engine

@Suite("Drain") struct DrainTests {
    @Test(
        "takes a bounded number of reports at once, and rings again for the rest, so that signals and clients are served"
    )
    func bounded() throws {
        let scene = try Scene()
        // More hops than are taken at once and fewer than the queue holds.
        let seconds = 30.0
        let path = try scene.wave("long.wav", Scene.tones([(.horn, 1, 29)], seconds: seconds))
        let hops = Int(seconds * 44_100 / 512)
        #expect(hops > Engine.reportsAtOnce)
        var settings = scene.settings("file:\(path)")
        settings.events.activityRate = 1000
        let wakeup = try Wakeup()
        let engine = try Engine(settings, try EngineModels(settings, path: scene.model), hasWall: false, wakeup: wakeup)
        try engine.start()
        // Until everything was analysed.
        var (used, since) = (-1.0, SystemClock.monotonic)
        while !engine.captures.allSatisfy(\.isFinished) || SystemClock.monotonic - since < 500_000_000 {
            SystemClock.sleep(nanoseconds: 10_000_000)
            let now = engine.analyses.reduce(0) { $0 + $1.cpuSeconds }
            if now != used { (used, since) = (now, SystemClock.monotonic) }
        }
        func drained() -> Int {
            var activities = 0
            engine.drain { if $0.kind == .activity { activities += 1 } }
            return activities
        }
        func rings() -> Bool {
            var polled = pollfd(fd: wakeup.descriptor, events: Int16(POLLIN), revents: 0)
            return poll(&polled, 1, 0) == 1
        }
        wakeup.drain()
        let first = drained()
        // Besides the hops there are reports of tags, of the opening and of the state.
        #expect((Engine.reportsAtOnce - 64...Engine.reportsAtOnce).contains(first))
        #expect(rings())
        wakeup.drain()
        #expect(drained() == hops - first)
        #expect(!rings())
        engine.stop { _ in }
    }
}
