// What degradations do to samples.

import Foundation
import Testing

@testable import timbre

@Suite("Degradation") struct DegradationTests {
    private let rate = 44_100

    private func tone(_ frequency: Double) -> [Float] {
        (0..<rate).map { Float(0.25 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }

    /// Decibels of the middle half of a signal.
    private func level(_ signal: [Float]) -> Double {
        let middle = signal[signal.count / 4..<signal.count * 3 / 4]
        return 10 * log10(middle.reduce(1e-20) { $0 + Double($1) * Double($1) } / Double(middle.count))
    }

    private func applied(_ name: String, to signal: [Float]) throws -> [Float] {
        try Degradation(name).applied(to: signal, rate: rate)
    }

    @Test("a band keeps what lies within it, and nothing above it is left") func band() throws {
        for (name, inside, outside) in [("band4k", 3_600.0, 4_500.0), ("band8k", 7_200, 9_000)] {
            let kept = try applied(name, to: tone(inside))
            #expect(kept.count == rate && abs(level(kept) - level(tone(inside))) < 0.5, "\(name)")
            #expect(level(try applied(name, to: tone(outside))) < level(tone(outside)) - 60, "\(name)")
        }
        #expect(try Degradation("band8k").applied(to: tone(100), rate: 16_000) == tone(100))
    }

    @Test("a gain is that gain") func gain() throws {
        #expect(abs(level(try applied("-30dB", to: tone(440))) - level(tone(440)) + 30) < 1e-3)
        #expect(abs(level(try applied("+6dB", to: tone(440))) - level(tone(440)) - 6) < 1e-3)
    }

    @Test("a gain beyond full scale overloads, and what another degradation adds is attenuated") func overload() throws
    {
        let loud = try [Degradation("+20dB"), Degradation("+40dB")].map { gain in
            level(DegradedFile.fitted(gain.applied(to: tone(440), rate: rate), gain))
        }
        #expect(loud[1] > loud[0] + 0.3 && loud[0] > level(tone(440)) + 10, "\(loud)")
        let noisy = DegradedFile.fitted([0.5, -2, 1], try Degradation("pink20"))
        #expect(noisy == [0.25, -1, 0.5])
    }

    @Test("pink noise lies as far below the music as it should, is the same every time, and falls by 3 dB an octave")
    func pink() throws {
        let music = tone(440)
        let noisy = try applied("pink20", to: music)
        let noise = zip(noisy, music).map { $0 - $1 }
        let all = 10 * log10(noise.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(noise.count))
        #expect(abs(all - (10 * log10(0.25 * 0.25 / 2) - 20)) < 0.1)
        #expect(try applied("pink20", to: music) == noisy)
        func power(_ frequency: Double) -> Double {
            // The mean power of a fifth of an octave and more of bins.
            let bins = Int(frequency * 0.9)...Int(frequency * 1.1)
            return bins.reduce(0.0) { sum, bin in
                let step = 2 * Double.pi * Double(bin) / Double(rate)
                var (real, imaginary) = (0.0, 0.0)
                for (index, value) in noise.enumerated() {
                    real += Double(value) * cos(step * Double(index))
                    imaginary += Double(value) * sin(step * Double(index))
                }
                return sum + real * real + imaginary * imaginary
            } / Double(bins.count)
        }
        #expect(abs(10 * log10(power(400) / power(200)) + 3) < 2.5)
        #expect(abs(10 * log10(power(800) / power(200)) + 6) < 2)
    }

    @Test(
        "what is no degradation is refused",
        arguments: ["", "telephone", "band0k", "band23k", "bandk", "pink", "-0dB", "-dB", "30dB", "pink-3"])
    func refused(name: String) {
        #expect(throws: Failure.self) { try Degradation(name) }
    }
}
