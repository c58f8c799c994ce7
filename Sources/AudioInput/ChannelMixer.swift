// The mix of all channels, and what is heard instead while they cancel.

import AudioCore

/// Mixes the channels of a source into one, and hears the loudest channel alone while the channels are turned over against
/// each other: a balanced microphone on an unbalanced input, a cable with one pair swapped. Their mix is silence.
///
/// What it does depends on the count of frames alone, never on how they come in blocks. `process` allocates nothing.
public struct ChannelMixer: Sendable {
    /// Seconds over which the energies are compared.
    static let span = 0.5
    /// The mix cancels below this part of the mean energy of the channels. Of channels that have nothing to do with each
    /// other, 64 at most, more is left: a 64th.
    static let cancelled = 0.01
    /// It is whole again above this part.
    static let whole = 0.1
    /// Mean energy, as a mean square, below which there is nothing to compare: -70 dBFS.
    static let quiet = 1e-7

    /// The channel that is heard alone, counted from 0; nil while the mix is heard.
    public private(set) var alone: Int?

    private let channels: Int
    private let frames: Int
    private var energies: [Double]
    private var mixed = 0.0
    private var count = 0

    /// A mixer for a source of this format.
    public init(_ format: AudioFormat) {
        channels = format.channels
        frames = max(1, Int(saturating: Self.span * Double(format.sampleRate)))
        energies = [Double](repeating: 0, count: format.channels)
    }

    /// Mixes interleaved frames into `destination`, which has room for one sample of each. True when it changed what is
    /// heard after one of them.
    public mutating func process(
        _ interleaved: UnsafeBufferPointer<Float>, into destination: UnsafeMutableBufferPointer<Float>
    ) -> Bool {
        let before = alone
        let scale = 1 / Float(channels)
        for frame in 0..<interleaved.count / channels {
            var sum: Float = 0
            for channel in 0..<channels {
                let sample = interleaved[frame * channels + channel]
                sum += sample
                // What is broken is no matter of phases; the meter mends it.
                if sample.magnitude <= 1e6 { energies[channel] += Double(sample * sample) }
            }
            let mean = sum * scale
            if mean.magnitude <= 1e6 { mixed += Double(mean * mean) }
            destination[frame] = alone.map { interleaved[frame * channels + $0] } ?? mean
            count += 1
            if count == frames { judge() }
        }
        return alone != before
    }

    private mutating func judge() {
        var (sum, loudest) = (0.0, 0)
        for channel in 0..<channels {
            sum += energies[channel]
            if energies[channel] > energies[loudest] { loudest = channel }
        }
        let mean = sum / Double(channels)
        if channels > 1, mean > Self.quiet * Double(frames) {
            if mixed < Self.cancelled * mean {
                if alone == nil { alone = loudest }
            } else if mixed > Self.whole * mean {
                alone = nil
            }
        }
        for channel in 0..<channels { energies[channel] = 0 }
        (mixed, count) = (0, 0)
    }
}
