// Numbers, bars and clocks as text.

import Testing

@testable import timbre

@Suite struct TextTests {
    @Test(
        "Numbers are rounded to their decimals",
        arguments: [
            (0.125, 2, "0.13"), (-0.001, 2, "0.00"), (-9.96, 1, "-10.0"), (12, 0, "12"), (1.999, 2, "2.00"),
            (.nan, 2, "?"), (-.infinity, 1, "-∞"), (0.05, 3, "0.050"),
            (1e14, 6, "100000000000000.0000"), (-1e14, 18, "-100000000000000.0000"), (1e15, 0, "∞"),
        ] as [(Double, Int, String)])
    func numbers(value: Double, decimals: Int, text: String) {
        #expect(fixed(value, decimals: decimals) == text)
    }

    @Test("Bars grow by eighths of a cell and keep their width")
    func bars() {
        #expect(bar(0.5, width: 4) == "██  ")
        #expect(bar(0.28125, width: 4) == "█▏  ")
        #expect(bar(2, width: 3) == "███" && bar(.nan, width: 3) == "   ")
        #expect((0...100).allSatisfy { bar(Double($0) / 100, width: 7, empty: "·").count == 7 })
    }

    @Test("A replay's progress shows time, share and speed, and only time and speed where the length is unknown")
    func progress() {
        #expect(ProgressBar.line(90, of: 180, speed: 58.04, width: 40) == "1:30 of 3:00 ████       58.0 x real time")
        #expect(ProgressBar.line(90, of: nil, speed: 2, width: 40) == "1:30    2.0 x real time")
    }

    @Test("Clocks and columns")
    func clocks() {
        #expect(clock(62.9) == "1:02" && clock(3_723) == "1:02:03" && clock(-1) == "0:00")
        #expect(fitted("violin", 4) == "vio…" && fitted("cello", 7) == "cello  ")
    }
}
