// Selects the channels of a source, and extracts their samples.

/// The selection of channels of a source; each selected signal becomes its own stream.
public enum ChannelSelection: Equatable, Sendable, CustomStringConvertible {
    /// The mean of all channels, as one stream.
    case mix
    /// One channel, counted from 0, as one stream.
    case channel(Int)
    /// Every channel, each as its own stream.
    case each

    /// Largest number of channels of a source.
    public static let limit = 64

    /// Parses "mix", "each", or a channel number, counted from 1. Returns `nil` for any other text.
    public init?(_ text: String) {
        switch text {
        case "mix": self = .mix
        case "each": self = .each
        default:
            guard let number = Int(text), (1...Self.limit).contains(number) else { return nil }
            self = .channel(number - 1)
        }
    }

    /// The text that `init` parses.
    public var description: String {
        switch self {
        case .mix: "mix"
        case .each: "each"
        case .channel(let index): String(index + 1)
        }
    }

    /// Number of channels that a source must have for this selection.
    public var channelsNeeded: Int {
        if case .channel(let index) = self { index + 1 } else { 1 }
    }

    /// Returns the number of streams of a source with this many channels.
    public func streams(channels: Int) -> Int {
        self == .each ? channels : 1
    }

    /// Copies one stream from interleaved frames.
    ///
    /// - Parameters:
    ///   - stream: 0 ..< `streams(channels:)`.
    ///   - interleaved: frames of `channels` samples, at least `channelsNeeded` of them.
    ///   - destination: room for one sample per frame.
    public func extract(
        stream: Int, from interleaved: UnsafeBufferPointer<Float>, channels: Int,
        into destination: UnsafeMutableBufferPointer<Float>
    ) {
        let frames = interleaved.count / channels
        precondition(frames <= destination.count && channelsNeeded <= channels && stream < streams(channels: channels))
        switch self {
        case .mix:
            let scale = 1 / Float(channels)
            for frame in 0..<frames {
                var sum: Float = 0
                for channel in 0..<channels { sum += interleaved[frame * channels + channel] }
                destination[frame] = sum * scale
            }
        case .channel(let channel):
            for frame in 0..<frames { destination[frame] = interleaved[frame * channels + channel] }
        case .each:
            for frame in 0..<frames { destination[frame] = interleaved[frame * channels + stream] }
        }
    }
}
