// The constant-Q written down as it is defined, in double precision and without decimation: what the fast one must equal.

import Features
import Glibc

/// Direct evaluation of the kernels at any position of a signal.
struct DirectConstantQ {
    let transform: ConstantQ

    /// Magnitude of one bin with the middle of its kernel at `position` (in samples); silence outside the signal.
    func magnitude(ofBin bin: Int, in signal: [Float], middle position: Double) -> Double {
        let rate = Double(transform.configuration.sampleRate)
        let frequency = transform.configuration.frequency(ofBin: bin)
        let span = Double(transform.span(ofBin: bin))
        var (re, im, sum) = (0.0, 0.0, 0.0)
        let first = Int((position - span / 2).rounded(.up))
        let last = Int((position + span / 2).rounded(.down))
        for index in first...last {
            let time = Double(index) - position
            let window = 0.5 + 0.5 * cos(2 * .pi * time / span)
            sum += window
            guard signal.indices.contains(index) else { continue }
            re += window * Double(signal[index]) * cos(2 * .pi * frequency * time / rate)
            im += window * Double(signal[index]) * sin(2 * .pi * frequency * time / rate)
        }
        return 2 / sum * (440 / frequency).squareRoot() * (re * re + im * im).squareRoot()
    }
}
