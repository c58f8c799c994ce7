// One windowed complex exponential of the constant-Q transform.

import AudioCore
import CVector
import Glibc

/// The kernel of one bin: a periodic Hann window over `Q` periods, times a complex exponential.
///
/// Level: a full-scale sine in the middle of the bin has the magnitude 1.
/// Source: Brown, *Calculation of a constant Q spectral transform*, JASA 1991, equations 5 to 8.
///
/// Plain memory that its owner deallocates, so that its use needs no reference counting.
struct ConstantQKernel {
    /// Length of the kernel in samples, at its own rate.
    let length: Int
    let real: UnsafeMutablePointer<Float>
    let imaginary: UnsafeMutablePointer<Float>

    /// - Parameters:
    ///   - frequency: Centre, in hertz.
    ///   - quality: Centre frequency over bandwidth.
    ///   - sampleRate: Rate of the signal to which the kernel is applied.
    init(frequency: Double, quality: Double, sampleRate: Double) {
        // The integer samples from -half up to but not including half, with a periodic window, as is usual.
        let half = quality * sampleRate / frequency / 2
        let first = (-half).rounded(.down)
        let count = max(3, Int(saturating: half.rounded(.down) - first))
        let window = (0..<count).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(count)) }
        let gain = 2 / window.reduce(0, +)
        length = count
        real = .allocate(capacity: count)
        imaginary = .allocate(capacity: count)
        for index in 0..<count {
            let phase = 2 * .pi * frequency / sampleRate * (first + Double(index))
            (real + index).initialize(to: Float(gain * window[index] * cos(phase)))
            (imaginary + index).initialize(to: Float(gain * window[index] * sin(phase)))
        }
    }

    /// Samples from the middle of the window to its newest sample.
    var delay: Double { Double(length) / 2 - 1 }

    func deallocate() {
        real.deallocate()
        imaginary.deallocate()
    }

    /// Returns the squared magnitude of the inner product with the samples that end at `end`.
    func power(endingAt end: UnsafePointer<Float>) -> Float {
        var (re, im): (Float, Float) = (0, 0)
        timbre_dot_pair(real, imaginary, end - length, length, &re, &im)
        return re * re + im * im
    }
}
