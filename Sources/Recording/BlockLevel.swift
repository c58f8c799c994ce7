// The level of the audio, block by block, for the trigger.

import AudioCore

/// The root mean square of the loudest channel in blocks of equal length, independent of the size of the input
/// buffers. Each block is measured relative to its own mean, so a constant offset of the input does not count as
/// sound.
struct BlockLevel {
    private let frames: Int
    private var energy: [Double]
    private var sum: [Double]
    private var count = 0

    init(frames: Int, channels: Int) {
        self.frames = max(1, frames)
        energy = Array(repeating: 0, count: channels)
        sum = energy
    }

    /// Processes interleaved frames. Returns the level in dBFS of the last block that they complete, or nil when they
    /// complete none.
    mutating func process(_ samples: UnsafeBufferPointer<Float>) -> Float? {
        let channels = energy.count
        var level: Float?
        for frame in 0..<samples.count / channels {
            for channel in 0..<channels {
                let sample = Double(samples[frame * channels + channel])
                energy[channel] += sample * sample
                sum[channel] += sample
            }
            count += 1
            guard count == frames else { continue }
            level = Level.decibels(loudest().squareRoot())
            for channel in 0..<channels { (energy[channel], sum[channel]) = (0, 0) }
            count = 0
        }
        return level
    }

    /// Returns the largest variance of a channel in the block, in full scale squared.
    private func loudest() -> Double {
        energy.indices.reduce(0) { greatest, channel in
            let mean = sum[channel] / Double(frames)
            return max(greatest, energy[channel] / Double(frames) - mean * mean)
        }
    }
}
