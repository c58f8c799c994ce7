// A test tone, for tests of the whole path without a device.

import AudioCore
import Glibc

/// An endless mono sine or noise. It is not paced: in a `PacedSource` it behaves like a device.
final class ToneSource: AudioSource {
    let isLive = true
    private let signal: ToneSignal
    private let amplitude: Double
    private let sampleRate: Int
    private var phase = 0.0
    private var random = SplitMix64(1)

    /// `level` is the peak in dBFS.
    init(signal: ToneSignal, level: Double, sampleRate: Int) {
        self.signal = signal
        self.sampleRate = sampleRate
        amplitude = pow(10, level / 20)
    }

    func open(stop: StopFlag) throws(AudioInputError) -> AudioFormat {
        if case .sine(let frequency) = signal, frequency >= Double(sampleRate) / 2 {
            throw .unusable(
                source: "tone:\(frequency)", detail: "the frequency must be below half the rate of \(sampleRate) Hz")
        }
        phase = 0
        random = SplitMix64(1)
        return AudioFormat(sampleRate: sampleRate, channels: 1)
    }

    func read(_ destination: UnsafeMutablePointer<Float>, capacity: Int, timeout: Int) -> ReadResult {
        switch signal {
        case .sine(let frequency):
            let step = frequency / Double(sampleRate)
            for index in 0..<capacity {
                destination[index] = Float(amplitude * sin(2 * .pi * phase))
                phase += step
                if phase >= 1 { phase -= 1 }
            }
        case .noise:
            for index in 0..<capacity {
                destination[index] = Float(amplitude * Double.random(in: -1..<1, using: &random))
            }
        }
        return .frames(capacity)
    }

    func close() {}
}

/// A signal of a `ToneSource`.
public enum ToneSignal: Equatable, Sendable {
    /// A sine of this frequency in hertz.
    case sine(Double)
    /// White noise with a uniform distribution, identical in every run.
    case noise
}
