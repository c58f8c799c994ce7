// The level of sound, block by block, for the trigger.

import AudioCore

/// Root mean square of the loudest channel in blocks of equal length, however the sound comes in pieces.
struct BlockLevel {
    private let frames: Int
    private var energy: [Double]
    private var count = 0

    init(frames: Int, channels: Int) {
        self.frames = max(1, frames)
        energy = Array(repeating: 0, count: channels)
    }

    /// Takes interleaved frames; the level in dBFS where they complete a block, that of the last of them.
    mutating func process(_ samples: UnsafeBufferPointer<Float>) -> Float? {
        let channels = energy.count
        var level: Float?
        for frame in 0..<samples.count / channels {
            for channel in 0..<channels {
                let sample = Double(samples[frame * channels + channel])
                energy[channel] += sample * sample
            }
            count += 1
            guard count == frames else { continue }
            level = Level.decibels(((energy.max() ?? 0) / Double(frames)).squareRoot())
            for channel in 0..<channels { energy[channel] = 0 }
            count = 0
        }
        return level
    }
}
