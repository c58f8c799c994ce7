// The resampler: exact length, independence of the block size, fidelity, and its stated delay.

import Features
import Glibc
import Testing

@Suite("Resampler")
struct ResamplerTests {
    /// Runs a whole signal through in blocks of one size.
    private func convert(_ signal: [Float], _ resampler: Resampler, block: Int) -> [Float] {
        var result: [Float] = []
        signal.withUnsafeBufferPointer { signal in
            var start = 0
            while start < signal.count {
                let end = min(signal.count, start + block)
                result += resampler.process(UnsafeBufferPointer(rebasing: signal[start..<end]))
                start = end
            }
        }
        result += resampler.flush()
        return result
    }

    private func sine(_ frequency: Double, rate: Int, count: Int, from start: Int = 0) -> [Float] {
        (0..<count).map { Float(0.5 * sin(2 * .pi * frequency * Double(start + $0) / Double(rate))) }
    }

    @Test("equal rates hand the very samples through, with no delay")
    func identity() {
        let resampler = Resampler(from: 44_100, to: 44_100)
        let signal = sine(440, rate: 44_100, count: 1_000)
        #expect(convert(signal, resampler, block: 333) == signal)
        #expect(resampler.delay == 0)
    }

    @Test(
        "the whole has exactly the stated length, at common and odd rates and lengths",
        arguments: [48_000, 96_000, 192_000, 22_050, 16_000, 8_000, 32_000, 88_200, 44_101, 11_127])
    func length(rate: Int) {
        let resampler = Resampler(from: rate, to: 44_100)
        for count in [0, 1, 63, 64, 1_000, 12_345] {
            let result = convert(sine(440, rate: rate, count: count), resampler, block: 1_000)
            #expect(result.count == resampler.length(ofInput: count))
            resampler.reset()
        }
    }

    @Test("promise 6: the output is the same bit for bit at every block size from 1 to 8192")
    func blockSizes() {
        let signal = (0..<20_000).map { Float(sin(Double($0 * $0 % 7_919))) }
        let resampler = Resampler(from: 48_000, to: 44_100)
        let expected = convert(signal, resampler, block: 8_192)
        let sizes = Array(1...130) + [255, 256, 257, 511, 512, 1_000, 1_023, 1_024, 4_095, 4_096, 7_777, 8_191]
        for size in sizes {
            resampler.reset()
            #expect(convert(signal, resampler, block: size) == expected, "block size \(size)")
        }
    }

    /// What a converter gives that has heard `before` and was reset in the middle of it.
    private func afterGap(_ before: Int, _ signal: [Float], _ resampler: Resampler) -> [Float] {
        let past = (0..<before).map { Float(cos(Double($0 * $0 % 6_011))) }
        resampler.reset()
        var start = 0
        while start < before {
            let end = min(before, start + 700)
            past[start..<end].withUnsafeBufferPointer { _ = resampler.process($0) }
            start = end
        }
        resampler.reset()
        return convert(signal, resampler, block: 512)
    }

    @Test(
        "after a gap the output is a new converter's, bit for bit at the rates of devices, wherever the gap was",
        arguments: [
            (48_000, 44_100), (96_000, 44_100), (192_000, 44_100), (32_000, 44_100), (22_050, 44_100), (16_000, 44_100),
            (8_000, 44_100), (88_200, 44_100), (176_400, 44_100), (11_025, 44_100), (48_000, 16_000),
        ])
    func gap(from rate: Int, to output: Int) {
        let signal = (0..<rate / 4).map { Float(sin(Double($0 * $0 % 7_919))) }
        let resampler = Resampler(from: rate, to: output)
        let expected = convert(signal, Resampler(from: rate, to: output), block: 512)
        for before in [1, 31, 32, 5_000, 12_345, 70_001] {
            #expect(afterGap(before, signal, resampler) == expected, "\(before) samples before the gap")
        }
    }

    @Test(
        "at odd rates it is that within rounding",
        arguments: [(44_100, 16_000), (44_101, 44_100), (11_127, 44_100), (44_056, 44_100)])
    func oddGap(from rate: Int, to output: Int) {
        let signal = (0..<rate / 2).map { Float(sin(Double($0 * $0 % 7_919))) }
        let resampler = Resampler(from: rate, to: output)
        let expected = convert(signal, Resampler(from: rate, to: output), block: 512)
        for before in [1, 5_000, 12_345] {
            let result = afterGap(before, signal, resampler)
            let worst = zip(result, expected).map { ($0 - $1).magnitude }.max() ?? 1
            #expect(result.count == expected.count && worst < 1e-5, "\(worst) after \(before) samples")
        }
    }

    @Test("a tone comes out as itself within -100 dB, in phase, at every rate", arguments: [48_000, 96_000, 32_000])
    func fidelity(rate: Int) {
        let resampler = Resampler(from: rate, to: 44_100)
        let result = convert(sine(997, rate: rate, count: rate), resampler, block: 500)
        let ideal = sine(997, rate: 44_100, count: 44_100)
        let worst = zip(result, ideal).dropFirst(2_000).dropLast(2_000).map { ($0 - $1).magnitude }.max() ?? 1
        #expect(worst < 1e-5)
    }

    @Test("the top of the pass band is flat and what would fold into it is gone")
    func passBand() {
        let high = convert(sine(17_000, rate: 48_000, count: 48_000), Resampler(from: 48_000, to: 44_100), block: 512)
        let peak = high.dropFirst(2_000).dropLast(2_000).map(\.magnitude).max() ?? 0
        #expect(abs(20 * log10(peak / 0.5)) < 0.01)
        let beyond = convert(
            sine(26_000, rate: 96_000, count: 96_000), Resampler(from: 96_000, to: 44_100), block: 512)
        let rest = beyond.dropFirst(2_000).dropLast(2_000).map(\.magnitude).max() ?? 1
        #expect(20 * log10(rest / 0.5) < -100)
    }

    @Test("output for an instant is out after the stated delay, below 5 ms for 48 kHz", arguments: [48_000, 96_000])
    func delay(rate: Int) {
        let resampler = Resampler(from: rate, to: 44_100)
        #expect(Double(resampler.delay) / Double(rate) < 0.005)
        let signal = sine(440, rate: rate, count: rate)
        var produced = 0
        signal.withUnsafeBufferPointer { signal in
            for start in 0..<signal.count {
                produced += resampler.process(UnsafeBufferPointer(rebasing: signal[start..<start + 1])).count
                let due = (start + 1 - resampler.delay) * 44_100 / rate
                if produced < due { Issue.record("\(produced) of \(due) samples after \(start + 1)") }
            }
        }
    }
}
