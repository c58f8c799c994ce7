// The constant-Q and the whole front end, hop by hop, and how soon a tone is seen.

import Features
import Glibc

func benchmarkFrontEnd() {
    let wide = FrontEndConfiguration(
        sampleRate: 44_100, hop: 512, minimumFrequency: 27.5, bins: 112, binsPerOctave: 12, harmonics: 5)
    let hop = FrontEndConfiguration.published.hop
    let seconds = Double(hop) / 44_100
    let signal = (0..<hop).map { Float(0.3 * sin(0.05 * Double($0)) + 0.1 * sin(1.3 * Double($0))) }

    Benchmark.printHeading("front end: a hop of \(hop) samples at 44.1 kHz")
    for (name, configuration) in [("88 bins as published", .published), ("112 bins", wide)] {
        let transform = ConstantQ(configuration)
        var powers = [Float](repeating: 0, count: configuration.bins)
        Benchmark(
            name: "constant-Q, \(name)", audioSeconds: seconds, operations: Double(transform.multiplyAdds)
        ).run { transform.process(signal, &powers) }
    }
    for (name, configuration) in [("88 bins", .published), ("112 bins and HSF-5", wide)] {
        let frontEnd = FrontEnd(configuration)
        var features = [Float](repeating: 0, count: configuration.frameSize)
        Benchmark(name: "front end in decibels, \(name)", audioSeconds: seconds).run {
            frontEnd.process(signal, &features)
        }
    }

    print("\nfront end: a tone begins, its bin has half its magnitude after")
    for frequency in [27.5, 55, 110, 440, 1760, 4186] {
        print("  \(frequency) Hz: \(timeToHalf(frequency)) ms")
    }
}

/// Milliseconds of audio from the beginning of a tone to the end of the hop whose frame shows half its magnitude.
private func timeToHalf(_ frequency: Double) -> Int {
    let configuration = FrontEndConfiguration.published
    let transform = ConstantQ(configuration)
    let bin = Int((12 * log2(frequency / configuration.minimumFrequency)).rounded())
    var powers = [Float](repeating: 0, count: configuration.bins)
    var course: [Float] = []
    for frame in 0..<150 {
        let samples = (0..<configuration.hop).map {
            Float(sin(2 * .pi * frequency * Double(frame * configuration.hop + $0) / 44_100))
        }
        transform.process(samples, &powers)
        course.append(powers[bin])
    }
    let half = course[course.count - 1] / 4
    let frame = course.firstIndex { $0 >= half } ?? course.count
    return Int((Double((frame + 1) * configuration.hop) / 44.1).rounded())
}
