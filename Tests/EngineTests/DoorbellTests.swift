// When the delivery thread is called.

import Testing

@testable import Engine

@Suite("Doorbell") struct DoorbellTests {
    @Test("rings every few milliseconds while the analysis never rests, so events do not wait for a pause")
    func saturated() {
        var bell = Doorbell()
        var rings: [Int64] = []
        // Blocks that take 1 ms each, for ten years on.
        let begun: Int64 = 10 * 366 * 86_400 * 1_000_000_000
        for block in 0..<1000 where bell.worked(at: begun + Int64(block) * 1_000_000) {
            rings.append(Int64(block))
        }
        #expect(rings.count == 199)
        #expect(zip(rings, rings.dropFirst()).allSatisfy { $1 - $0 == 5 })
    }

    @Test("rings once when there is nothing more to do, and not again before there is news") func rests() {
        var bell = Doorbell()
        let answers = [bell.rested(), bell.worked(at: 0), bell.rested(), bell.rested()]
        #expect(answers == [false, false, true, false])
    }
}
