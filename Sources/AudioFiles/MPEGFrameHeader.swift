// The part of an MPEG audio frame header that is needed to count frames.

/// The four bytes at the beginning of each frame of MPEG-1, -2 and -2.5 audio (ISO 11172-3, 13818-3), layers I to III.
struct MPEGFrameHeader: Equatable {
    /// 1, 2 or 3.
    let layer: Int
    /// Rate in hertz.
    let rate: Int
    /// 1 or 2.
    let channels: Int
    /// Size of the MPEG frame in bytes, including the header.
    let length: Int
    /// Number of audio frames in it.
    let samples: Int
    /// Bytes from the header to the position of a Xing header: checksum and side information.
    let infoOffset: Int
    /// Whether a checksum of two bytes follows the header.
    let hasChecksum: Bool

    private static let rates = [44_100, 48_000, 32_000]
    /// Kilobits per second by table and index: MPEG-1 layers I, II, III; MPEG-2 layer I, layers II and III.
    private static let bitrates = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]

    /// Parses the header at the beginning of `bytes`; returns nil when there is none, or one of free bitrate.
    init?(_ bytes: some Collection<UInt8>) {
        let head = Array(bytes.prefix(4))
        guard head.count == 4, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return nil }
        let version = head[1] >> 3 & 3
        let layerBits = Int(head[1] >> 1 & 3)
        let (bitrate, rateIndex) = (Int(head[2] >> 4), Int(head[2] >> 2 & 3))
        guard version != 1, layerBits != 0, (1...14).contains(bitrate), rateIndex < 3 else { return nil }
        let isFirst = version == 3
        layer = 4 - layerBits
        rate = Self.rates[rateIndex] >> (isFirst ? 0 : version == 2 ? 1 : 2)
        channels = head[3] >> 6 == 3 ? 1 : 2
        let bits = 1000 * Self.bitrates[isFirst ? layer - 1 : layer == 1 ? 3 : 4][bitrate - 1]
        let padding = Int(head[2] >> 1 & 1)
        switch layer {
        case 1: (length, samples) = ((12 * bits / rate + padding) * 4, 384)
        case 3 where !isFirst: (length, samples) = (72 * bits / rate + padding, 576)
        default: (length, samples) = (144 * bits / rate + padding, 1152)
        }
        let side = isFirst ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17)
        hasChecksum = head[1] & 1 == 0
        infoOffset = 4 + side + (hasChecksum ? 2 : 0)
    }

    /// Returns whether a frame with this header may follow one with the other in one recording.
    func continues(_ other: MPEGFrameHeader) -> Bool {
        layer == other.layer && rate == other.rate && channels == other.channels
    }
}
