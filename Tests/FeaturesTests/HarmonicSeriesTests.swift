// Harmonic-series features against their golden values.

import Features
import Testing

@Suite("Harmonic series")
struct HarmonicSeriesTests {
    @Test("The raw sum equals the golden HSF-0 to HSF-5", arguments: 0...5)
    func golden(harmonics: Int) throws {
        let pitch = try GoldenFile.array("hsf_p0")
        let raw = try GoldenFile.array("hsf_0to5_raw")
        let (bins, frames) = (pitch.shape[0], pitch.shape[1])
        let series = HarmonicSeries(bins: bins, binsPerOctave: 12, harmonics: harmonics)
        var sum = [Float](repeating: 0, count: bins)
        var worst: Float = 0
        for frame in 0..<frames {
            let salience = (0..<bins).map { pitch.values[$0 * frames + frame] }
            series.process(salience, &sum)
            for bin in 0..<bins {
                worst = max(worst, abs(sum[bin] - raw.values[(harmonics * bins + bin) * frames + frame]))
            }
        }
        #expect(worst < 1e-6)
    }

    @Test("Partials are shifted by 12, 19, 24, 28 and 31 semitones, and twice as far with twice the bins")
    func shifts() {
        #expect(HarmonicSeries.partialShifts(binsPerOctave: 12) == [12, 19, 24, 28, 31])
        #expect(HarmonicSeries.partialShifts(binsPerOctave: 24) == [24, 38, 48, 56, 62])
    }
}
