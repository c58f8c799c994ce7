// Curves, axes, waveforms and the text of numbers.

import Foundation
import Testing

@testable import Reports

@Suite("Curve")
struct CurveTests {
    @Test("a long curve keeps its highest points and no more than the limit")
    func reduction() {
        let points = (0..<10_000).map { Curve.Point(time: Double($0) / 10, value: $0 == 4321 ? 1 : 0.25) }
        let curve = Curve(points, limit: 500)
        #expect(curve.points.count <= 500)
        #expect(curve.points.contains { $0.value == 1 })
        #expect(curve.points.first?.time == 0)
        #expect(Curve(Array(points.prefix(20))).points == Array(points.prefix(20)))
    }

    @Test("a part of a curve begins and ends on its lines")
    func cut() {
        let curve = Curve([.init(time: 0, value: 0), .init(time: 2, value: 1), .init(time: 4, value: 0)])
        #expect(
            curve.cut(from: 1, to: 3) == [
                .init(time: 1, value: 0.5), .init(time: 2, value: 1), .init(time: 3, value: 0.5),
            ])
        #expect(curve.value(at: -1) == 0 && curve.value(at: 9) == 0 && Curve([]).value(at: 1) == 0)
    }

    @Test("ticks stand at round times, about as many as wanted", arguments: [1.0, 7, 63, 600, 5400, 86_400, 1e7])
    func ticks(span: Double) {
        let ticks = TimeAxis(start: 3.5, end: 3.5 + span, width: 1000).ticks()
        #expect((1...11).contains(ticks.count))
        #expect(ticks.allSatisfy { $0 == $0.rounded() && $0 >= 3.5 && $0 <= 3.5 + span })
    }

    @Test("times and shares read as people write them")
    func text() {
        #expect(PageText.clock(63.25) == "1:03.3" && PageText.clock(59.99) == "1:00.0")
        #expect(PageText.clock(3600, tenths: false) == "1:00:00" && PageText.clock(59.99, tenths: false) == "0:59")
        #expect(PageText.length(8.84) == "8.8 s" && PageText.length(75.6) == "1:16")
        #expect(PageText.share(0.001) == "<1 %" && PageText.share(0) == "0 %" && PageText.share(0.146) == "15 %")
    }

    @Test("a waveform has the extent and the energy of each part of the sound")
    func waveform() throws {
        // One second of silence, then one of a square wave at half of full scale, in 16 bits at 1000 Hz.
        let samples = (0..<2000).map { Int16($0 < 1000 ? 0 : $0 % 2 == 0 ? 16_384 : -16_384) }
        func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 255) } }
        var bytes = Array("RIFF".utf8) + little(4036, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
        bytes += little(1, 2) + little(1000, 4) + little(2000, 4) + little(2, 2) + little(16, 2)
        bytes += Array("data".utf8) + little(4000, 4) + samples.flatMap { little(Int(UInt16(bitPattern: $0)), 2) }
        let file = FileManager.default.temporaryDirectory.appending(path: "wave-\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        let waveform = try #require(try Waveform(path: file.path, columns: 4))
        #expect(waveform.duration == 2 && waveform.peak == 0.5)
        #expect(waveform.columns[0] == .init() && waveform.columns[1] == .init())
        #expect(waveform.columns[2] == .init(low: -0.5, high: 0.5, rms: 0.5))
    }
}
