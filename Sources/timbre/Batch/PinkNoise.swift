// Pink noise that is identical in every run and on every machine.

import AudioCore

/// Noise that falls by 3 dB per octave, within 0.5 dB from 10 Hz to the upper end of the band at 44.1 kHz: white noise
/// filtered by Paul Kellet's filter (1999).
struct PinkNoise {
    private var random: SplitMix64
    private var state = [Double](repeating: 0, count: 7)
    private static let poles: [(decay: Double, gain: Double)] = [
        (0.99886, 0.0555179), (0.99332, 0.0750759), (0.96900, 0.1538520), (0.86650, 0.3104856), (0.55000, 0.5329522),
        (-0.7616, -0.0168980),
    ]

    init(seed: UInt64 = 1) {
        random = SplitMix64(seed)
    }

    /// Returns the next sample; its scale is arbitrary.
    mutating func next() -> Double {
        let white = Double(Int64(bitPattern: random.next()) >> 11) / Double(1 << 52)
        var sum = state[6] + 0.5362 * white
        for (index, pole) in Self.poles.enumerated() {
            state[index] = pole.decay * state[index] + pole.gain * white
            sum += state[index]
        }
        state[6] = 0.115926 * white
        return sum
    }
}
