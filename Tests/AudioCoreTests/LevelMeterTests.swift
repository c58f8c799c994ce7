// Peak, RMS, clipping, broken samples and silence.

import AudioCore
import Glibc
import Testing

@Suite("Level meter")
struct LevelMeterTests {
    private func measure(_ samples: [Float], with meter: inout LevelMeter) -> [Float] {
        var samples = samples
        samples.withUnsafeMutableBufferPointer { meter.process(repairing: $0) }
        return samples
    }

    @Test("a full-scale sine peaks at 0 and has -3.01 dBFS, and clips at its tops only")
    func sine() {
        var meter = LevelMeter()
        _ = measure((0..<4_400).map { Float(sin(2 * .pi * Double($0) / 44)) }, with: &meter)
        let level = meter.reading()
        #expect(abs(level.peak) < 0.01 && abs(level.rms + 3.0103) < 0.001)
        #expect(level.clipped == 200 && level.invalid == 0 && level.samples == 4_400)
    }

    @Test("broken samples are counted and become zero, and spoil neither peak nor RMS")
    func broken() {
        var meter = LevelMeter()
        let mended = measure([0.5, .nan, .infinity, -.infinity, 1e30, -0.5, 1.5], with: &meter)
        #expect(mended == [0.5, 0, 0, 0, 0, -0.5, 1.5])
        let level = meter.reading()
        #expect(level.invalid == 4 && level.clipped == 1)
        #expect(abs(level.peak - Level.decibels(1.5)) < 1e-4)
    }

    @Test("exact zeros are counted across blocks and readings, and the smallest sound ends the run")
    func silence() {
        var meter = LevelMeter()
        _ = measure([0.1] + [Float](repeating: 0, count: 99), with: &meter)
        #expect(meter.reading().peak > -21 && meter.silentRun == 99)
        _ = measure([Float](repeating: 0, count: 1_000), with: &meter)
        #expect(meter.silentRun == 1_099)
        #expect(meter.reading().rms == Level.floor)
        _ = measure([1e-30], with: &meter)
        #expect(meter.silentRun == 0)
    }

    @Test("no samples at all read as the floor")
    func empty() {
        var meter = LevelMeter()
        let level = meter.reading()
        #expect(level.peak == Level.floor && level.rms == Level.floor && level.samples == 0)
    }
}
