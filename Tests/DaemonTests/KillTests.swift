// Many kills at random moments: run by scripts/kill-test.

import Foundation
import SceneFixtures
import TestSupport
import Testing

@Suite("Kills")
struct KillTests {
    /// How many; nil without the script.
    static let count = ProcessInfo.processInfo.environment["TIMBRE_KILLS"].flatMap(Int.init)

    /// Determines the moments, so that a failure can be repeated.
    static let seed = ProcessInfo.processInfo.environment["TIMBRE_SEED"].flatMap(UInt64.init) ?? 1

    @Test(
        "Promise 8: killed at random moments many times, a recording never loses more than the last second",
        .enabled(if: count ?? 0 > 0, "takes minutes: run scripts/kill-test"))
    func many() throws {
        var generator = SeededGenerator(Self.seed)
        var losses: [RecordedSessions.Loss] = []
        for _ in 0..<(Self.count ?? 0) {
            let moment = Double.random(in: 0.02..<3, using: &generator)
            let loss = try RecordedSessions.kill(at: moment)
            #expect(loss.sound < 1 && loss.lines < 1, "seed \(Self.seed), at \(moment) s: \(loss)")
            losses.append(loss)
        }
        let sound = losses.map(\.sound).sorted()
        let lines = losses.map(\.lines).sorted()
        func told(_ losses: [Double]) -> String {
            String(format: "median %.3f s, most %.3f s", losses[losses.count / 2], losses[losses.count - 1])
        }
        print("\(losses.count) kills; lost sound: \(told(sound)); lost lines: \(told(lines))")
    }
}
