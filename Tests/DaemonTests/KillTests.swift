// Many kills at random moments: run by scripts/kill-test.

import Foundation
import SceneFixtures
import TestSupport
import Testing

@Suite("Kills")
struct KillTests {
    /// How many; nil without the script.
    static let count = ProcessInfo.processInfo.environment["TIMBRE_KILLS"].flatMap(Int.init)

    @Test(
        "Promise 8: killed at random moments many times, a recording never loses more than the last second",
        .enabled(if: count != nil, "takes minutes: run scripts/kill-test"))
    func many() throws {
        var generator = SeededGenerator(UInt64(getpid()))
        var losses: [RecordedSessions.Loss] = []
        for _ in 0..<(Self.count ?? 0) {
            let moment = Double.random(in: 0.02..<3, using: &generator)
            let loss = try RecordedSessions.kill(at: moment)
            #expect(loss.sound < 1 && loss.lines < 1, "at \(moment) s: \(loss)")
            losses.append(loss)
        }
        let sound = losses.map(\.sound).sorted()
        let lines = losses.map(\.lines).sorted()
        print(
            "\(losses.count) kills; lost sound: median \(sound[sound.count / 2]) s, most \(sound.last ?? 0) s; "
                + "lost lines: median \(lines[lines.count / 2]) s, most \(lines.last ?? 0) s")
    }
}
