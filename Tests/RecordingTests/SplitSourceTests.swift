// A source whose channels are streams of their own.

import Testing

@testable import Recording

@Suite("Split source")
struct SplitSourceTests {
    @Test("The stream of a channel that is gone does not hold back the others")
    func goneChannel() throws {
        let bench = try Bench(channels: 2, isSplit: true) { $0.always = true }
        bench.open()
        bench.hear(to: 1_000)
        bench.continue(channels: 1)
        for end in [2_000, 3_000] {
            bench.hear(to: end)
            bench.recorder.take(positions: [Int64(end / 2), 500], isOver: false)
            bench.recorder.turn(isLast: false)
            #expect(bench.recorder.position == Int64(end))
        }
    }
}
