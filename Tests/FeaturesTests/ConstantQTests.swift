// The incremental constant-Q against direct evaluation, clicks, tones and the golden transform.

import Features
import Glibc
import Testing

@Suite("Constant-Q")
struct ConstantQTests {
    static let wide = FrontEndConfiguration(
        sampleRate: 44_100, hop: 512, minimumFrequency: 27.5, bins: 112, binsPerOctave: 12)
    static let fine = FrontEndConfiguration(
        sampleRate: 16_000, hop: 320, minimumFrequency: 65.4, bins: 150, binsPerOctave: 24)
    static let oddHop = FrontEndConfiguration(
        sampleRate: 22_050, hop: 441, minimumFrequency: 110, bins: 60, binsPerOctave: 12)

    /// Magnitudes `[frame][bin]` of a whole signal.
    static func transform(_ signal: [Float], _ configuration: FrontEndConfiguration) -> [[Float]] {
        let transform = ConstantQ(configuration)
        var powers = [Float](repeating: 0, count: configuration.bins)
        return signal.withUnsafeBufferPointer { samples in
            (0..<signal.count / configuration.hop).map { frame in
                guard let base = samples.baseAddress else { return [] }
                transform.process(base + frame * configuration.hop, &powers)
                return powers.map { $0.squareRoot() }
            }
        }
    }

    @Test(
        "It equals direct evaluation of its kernels to -70 dB of the strongest bin",
        arguments: [FrontEndConfiguration.published, wide, fine, oddHop])
    func equalsDirectEvaluation(configuration: FrontEndConfiguration) {
        let transform = ConstantQ(configuration)
        let direct = DirectConstantQ(transform: transform)
        let rate = configuration.sampleRate
        for signal in [Signals.music(seconds: 2, rate: rate), Signals.noise(seconds: 2, rate: rate)] {
            let frames = Self.transform(signal, configuration)
            var worst = 0.0
            for frame in stride(from: 20, to: frames.count, by: 37) {
                let newest = Double((frame + 1) * configuration.hop - 1)
                let expected = (0..<configuration.bins).map { bin in
                    direct.magnitude(ofBin: bin, in: signal, middle: newest - transform.delay(ofBin: bin))
                }
                let strongest = expected.max() ?? 0
                for (bin, value) in expected.enumerated() {
                    worst = max(worst, abs(Double(frames[frame][bin]) - value) / strongest)
                }
            }
            #expect(20 * log10(worst) < -70)
        }
    }

    @Test("A click is strongest in every bin when the stated delay has passed")
    func click() {
        let configuration = Self.wide
        let transform = ConstantQ(configuration)
        var signal = [Float](repeating: 0, count: 60_000)
        let position = 20_000
        signal[position] = 1
        let frames = Self.transform(signal, configuration)
        for bin in stride(from: 0, to: configuration.bins, by: 7) {
            let course = frames.map { $0[bin] }
            let weights = course.map { Double($0 * $0) }
            let total = weights.reduce(0, +)
            // Short kernels fall between two hops; then at least one hop must have caught the click or none could.
            guard transform.delay(ofBin: bin) > Double(configuration.hop) else { continue }
            let mean = zip(0..., weights).reduce(0) { $0 + Double(($1.0 + 1) * configuration.hop - 1) * $1.1 } / total
            #expect(abs(mean - Double(position) - transform.delay(ofBin: bin)) < Double(configuration.hop) / 2)
        }
    }

    @Test(
        "A tone reaches half its magnitude within the promised time",
        arguments: [(27.5, 330.0), (110, 95), (440, 25), (1760, 12)])
    func onset(frequency: Double, milliseconds: Double) throws {
        let configuration = FrontEndConfiguration.published
        let bin = Int((12 * log2(frequency / 27.5)).rounded())
        let frames = Self.transform(Signals.sine(frequency, seconds: 2), configuration)
        let steady = try #require(frames.last)[bin]
        let first = try #require(frames.firstIndex { $0[bin] >= steady / 2 })
        #expect(Double((first + 1) * configuration.hop) / 44.1 <= milliseconds)
    }

    @Test("Digital silence of any length leaves it as it would be at the beginning", arguments: [wide, fine, oddHop])
    func silence(configuration: FrontEndConfiguration) {
        let hop = configuration.hop
        let music = Signals.music(seconds: 1, rate: configuration.sampleRate)
        let fresh = Self.transform(music, configuration)
        // Longer than anything that is stored, and once so short that the sound before it is still there.
        let second = configuration.sampleRate / hop
        let silence = [Float](repeating: 0, count: 4 * second * hop)
        let signal = Array(music[..<(second * hop)]) + silence + music
        let heard = Self.transform(signal, configuration)
        #expect(heard[..<second] == fresh[..<second])
        #expect(heard[second].contains { $0 > 0 })
        #expect(heard[5 * second - 1].allSatisfy { $0 == 0 })
        #expect(heard[(5 * second)...].elementsEqual(fresh[..<(heard.count - 5 * second)]))
        let short = [Float](repeating: 0, count: 3 * hop)
        let cut = Self.transform(Array(music[..<(second * hop)]) + short + music, configuration)
        #expect(cut[second + 4] != fresh[1])
    }

    @Test("After reset it answers as if nothing had been heard")
    func reset() {
        let configuration = FrontEndConfiguration.published
        let transform = ConstantQ(configuration)
        let signal = Signals.music(seconds: 0.3)
        func powers() -> [Float] {
            var powers = [Float](repeating: 0, count: configuration.bins)
            signal.withUnsafeBufferPointer { samples in
                for frame in 0..<signal.count / configuration.hop {
                    guard let base = samples.baseAddress else { return }
                    transform.process(base + frame * configuration.hop, &powers)
                }
            }
            return powers
        }
        let first = powers()
        #expect(powers() != first)
        transform.reset()
        #expect(powers() == first)
    }
}
