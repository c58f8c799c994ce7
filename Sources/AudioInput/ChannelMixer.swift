// Mixes all channels, and replaces the mix by one channel while the channels cancel each other.

import AudioCore

/// Mixes the channels of a source into one. While the channels have opposite polarity, it outputs only the loudest
/// channel, because their mix would be silence: a balanced microphone on an unbalanced input, or a cable with one pair
/// swapped.
///
/// The result depends only on the count of frames, not on the block sizes. `process` allocates nothing.
public struct ChannelMixer: Sendable {
    /// Interval, in seconds, over which the energies are compared.
    static let span = 0.5
    /// The mix counts as cancelled below this fraction of the mean energy of the channels. Uncorrelated channels, 64
    /// at most, leave at least a 64th.
    static let cancelled = 0.01
    /// Mean energy, as a mean square, below which no comparison is made: -70 dBFS.
    static let quiet = 1e-7

    /// The channel that is output instead of the mix, counted from 0; nil while the mix is output.
    public private(set) var alone: Int?

    /// The mix is used again above this fraction of the mean energy: a tenth, or less where a single channel among
    /// many leaves less than that.
    private let whole: Double
    private let channels: Int
    private let frames: Int
    private var energies: [Double]
    private var mixed = 0.0
    private var count = 0

    /// Creates a mixer for a source of this format.
    public init(_ format: AudioFormat) {
        channels = format.channels
        whole = min(0.1, 0.75 / Double(max(1, format.channels)))
        frames = max(1, Int(saturating: Self.span * Double(format.sampleRate)))
        energies = [Double](repeating: 0, count: format.channels)
    }

    /// Mixes interleaved frames into `destination`, which has room for one sample of each frame. Returns true when
    /// `alone` changed.
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
                // Broken samples are not a matter of polarity; the level meter repairs them.
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
            } else if mixed > whole * mean {
                alone = nil
            }
        }
        for channel in 0..<channels { energies[channel] = 0 }
        (mixed, count) = (0, 0)
    }
}
