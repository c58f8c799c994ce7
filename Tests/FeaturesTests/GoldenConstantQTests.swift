// The kernels, evaluated centred, against the transform that the field uses offline.

import Foundation
import Testing

@testable import Features

@Suite("Constant-Q against the golden transform")
struct GoldenConstantQTests {
    static let rate = 44_100.0
    static let bins = 88

    /// Our kernel as the golden transform applies its own: every octave at half the rate of the one above, the highest at
    /// 22.05 kHz, and without the spectral coefficients that make up the last 1 % of its magnitude. That moves cells more
    /// than 20 dB below the maximum by more than 1 dB, so it must be done here too.
    static func sparsified(bin: Int, quality: Double) -> (kernel: [(re: Double, im: Double)], reach: Int) {
        let configuration = FrontEndConfiguration.published
        let octave = (bins - 1 - bin) / 12
        let decimation = 2 << octave
        let rate = rate / Double(decimation)
        let longest = quality * rate / configuration.frequency(ofBin: max(0, bins - 12 * (octave + 1)))
        let size = 1 << Int(log2(longest).rounded(.up))
        let frequency = configuration.frequency(ofBin: bin)
        let kernel = ConstantQKernel(frequency: frequency, quality: quality, sampleRate: rate)
        defer { kernel.deallocate() }
        let start = (size - kernel.length) / 2
        // Spectrum of the kernel at the points near its centre; all others belong to the dropped 1 %.
        let peak = Int(frequency / rate * Double(size))
        let points = (max(0, peak - 90)...min(size / 2, peak + 90)).map { point -> (Int, Double, Double) in
            var (re, im) = (0.0, 0.0)
            for index in 0..<kernel.length {
                let phase = -2 * .pi * Double(point * (start + index)) / Double(size)
                let (x, y) = (Double(kernel.real[index]), Double(kernel.imaginary[index]))
                re += x * cos(phase) - y * sin(phase)
                im += x * sin(phase) + y * cos(phase)
            }
            return (point, re, im)
        }
        let sorted = points.map { hypot($0.1, $0.2) }.sorted()
        let total = sorted.reduce(0, +)
        var (dropped, threshold) = (0.0, 0.0)
        for magnitude in sorted {
            dropped += magnitude
            guard dropped < 0.01 * total else {
                threshold = magnitude
                break
            }
        }
        let kept = points.filter { hypot($0.1, $0.2) >= threshold }
        let length = size * decimation
        let scale = (quality / frequency).squareRoot() / Double(length)
        let sparse = (0..<length).map { index -> (re: Double, im: Double) in
            var (re, im) = (0.0, 0.0)
            for (point, pointRe, pointIm) in kept {
                let phase = -2 * .pi * Double(point) * Double(index) / Double(length)
                re += pointRe * cos(phase) - pointIm * sin(phase)
                im += pointRe * sin(phase) + pointIm * cos(phase)
            }
            return (re * scale, im * scale)
        }
        return (sparse, length / 2)
    }

    @Test("Evaluated centred they agree with the golden transform within 1 dB wherever that is above -60 dB")
    func agrees() throws {
        let golden = try GoldenFile.array("synth_44100_cqt")
        let signal = try GoldenFile.samples("synth_44100.wav").map(Double.init)
        let frames = golden.shape[1]
        let quality = ConstantQ.quality(binsPerOctave: 12)
        var cells = [(golden: Double, ours: Double)]()
        for bin in stride(from: 0, to: Self.bins, by: 2) {
            let (kernel, reach) = Self.sparsified(bin: bin, quality: quality)
            for frame in stride(from: 5, to: frames, by: 13) {
                var (re, im) = (0.0, 0.0)
                let first = frame * 512 - reach
                for index in max(0, -first)..<max(0, min(kernel.count, signal.count - first)) {
                    re += kernel[index].re * signal[first + index]
                    im += kernel[index].im * signal[first + index]
                }
                cells.append((Double(golden.values[bin * frames + frame] - 1) * 80, 20 * log10(hypot(re, im) + 1e-12)))
            }
        }
        // The golden values are relative to their own maximum.
        let loud = cells.filter { $0.golden > -20 }.map { $0.ours - $0.golden }.sorted()
        let offset = loud[loud.count / 2]
        let audible = cells.filter { $0.golden > -60 }
        let worst = try #require(audible.map { abs($0.ours - offset - $0.golden) }.max())
        #expect(audible.count > 300)
        #expect(worst < 1)
    }
}
