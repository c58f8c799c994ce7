// Stream time and wall time.

import Events
import Foundation
import Testing

@Suite("Time") struct TimeTests {
    @Test("wall time agrees with Foundation over five hundred years, and reads its own text") func calendar() throws {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        for step in -4000...4000 {
            // A stride that is no multiple of a day, from 1716 to 2224.
            let milliseconds = Int64(step) * 2_000_030_017
            let text = WallTime(nanoseconds: milliseconds * 1_000_000).description
            if step % 4 == 0 {
                #expect(text == formatter.string(from: Date(timeIntervalSince1970: Double(milliseconds) / 1000)))
            }
            #expect(WallTime(text)?.nanoseconds == milliseconds * 1_000_000)
        }
    }

    @Test(
        "wall time refuses what is no moment",
        arguments: [
            "2026-13-01T00:00:00.000Z", "2026-02-29T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
            "2026-01-01T00:60:00.000Z", "2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00Z", "",
            "2026-01-01T00:00:00.000z",
        ])
    func refused(_ text: String) {
        #expect(WallTime(text) == nil)
    }

    @Test("a stream's clock counts from its anchor, without drift over years") func anchor() {
        var clock = StreamClock(rate: 44_100)
        #expect(clock.time(at: 44_100).wall == nil)
        clock.setAnchor(frame: 44_100, wall: WallTime(nanoseconds: 5_000_000_000))
        #expect(clock.time(at: 88_200).wall == WallTime(nanoseconds: 6_000_000_000))
        #expect(clock.time(at: 0).wall == WallTime(nanoseconds: 4_000_000_000))
        let year: Int64 = 44_100 * 86_400 * 365
        #expect(
            clock.time(at: 44_100 + 10 * year).wall?.nanoseconds
                == Int64(5_000_000_000 + 10 * 365 * 86_400 * 1_000_000_000))
        #expect(clock.time(at: 10 * year + 441).seconds == 10 * 365 * 86_400 + 0.01)
    }
}
