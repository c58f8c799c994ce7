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
        var meter = LevelMeter(sampleRate: 44_100)
        _ = measure((0..<4_400).map { Float(sin(2 * .pi * Double($0) / 44)) }, with: &meter)
        let level = meter.reading()
        #expect(abs(level.peak) < 0.01 && abs(level.rms + 3.0103) < 0.001)
        #expect(level.clipped == 200 && level.invalid == 0 && level.samples == 4_400)
    }

    @Test("broken samples are counted and become zero, and spoil neither peak nor RMS")
    func broken() {
        var meter = LevelMeter(sampleRate: 44_100)
        let mended = measure([0.5, .nan, .infinity, -.infinity, 1e30, -0.5, 1.5], with: &meter)
        #expect(mended == [0.5, 0, 0, 0, 0, -0.5, 1.5])
        let level = meter.reading()
        #expect(level.invalid == 4 && level.clipped == 1)
        #expect(abs(level.peak - Level.decibels(1.5)) < 1e-4)
    }

    @Test("a sample of +100 dB is held to +24 dB, so that what follows is heard by its own level")
    func loudest() {
        var meter = LevelMeter(sampleRate: 44_100)
        let mended = measure([0.5, 1e5, -1e5, 15, 0.5], with: &meter)
        #expect(mended == [0.5, LevelMeter.loudest, -LevelMeter.loudest, 15, 0.5])
        let level = meter.reading()
        #expect(level.invalid == 0 && level.clipped == 3 && abs(level.peak - 24) < 1e-3)
    }

    @Test("exact zeros are counted across blocks and readings, and the smallest sound ends the run")
    func silence() {
        var meter = LevelMeter(sampleRate: 44_100)
        _ = measure([0.1] + [Float](repeating: 0, count: 99), with: &meter)
        #expect(meter.reading().peak > -21 && meter.silentRun == 99)
        _ = measure([Float](repeating: 0, count: 1_000), with: &meter)
        #expect(meter.silentRun == 1_099)
        #expect(meter.reading().rms == Level.floor)
        _ = measure([1e-30], with: &meter)
        #expect(meter.silentRun == 0)
    }

    @Test("dc-offset: a constant, and what swings below hearing, has no level; music on top of it has its own")
    func offset() {
        func level(_ signal: (Double) -> Double) -> Level {
            var meter = LevelMeter(sampleRate: 44_100)
            var lowest: Level?
            for hop in 0..<86 {
                _ = measure((0..<512).map { Float(signal(Double(hop * 512 + $0) / 44_100)) }, with: &meter)
                let level = meter.reading()
                // What begins with a slope takes a tenth of a second to settle.
                if hop > 9, level.rms > lowest?.rms ?? -.infinity { lowest = level }
            }
            return lowest ?? meter.reading()
        }
        #expect(level { _ in 0.1 }.rms == Level.floor)
        // -26 dBFS at half a hertz.
        #expect(level { 0.05 * 2.0.squareRoot() * sin(.pi * $0) }.rms < -100)
        let tune = level { 0.5 + 0.00316 * sin(2 * .pi * 440 * $0) }
        #expect(abs(tune.rms + 53) < 0.5 && abs(tune.peak + 50) < 0.5)
        // The lowest string of a bass is measured as it is.
        #expect(abs(level { 0.1 * sin(2 * .pi * 41 * $0) }.peak + 20) < 0.01)
    }

    @Test("no samples at all read as the floor")
    func empty() {
        var meter = LevelMeter(sampleRate: 44_100)
        let level = meter.reading()
        #expect(level.peak == Level.floor && level.rms == Level.floor && level.samples == 0)
    }
}
