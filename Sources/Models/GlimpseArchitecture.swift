// The clip models that look at a window in glimpses, and what one glimpse of each shows.

/// A recurrent attention model of Watcharasupat, Gururani & Lerch, *Visual Attention for Musical Instrument Recognition*
/// (2020).
public enum GlimpseArchitecture: String, Codable, CaseIterable, Sendable {
    /// Sightreader: patches in musicnn's shapes, a gated recurrent core.
    case sightreader
    /// RAM16-RNN: one square patch and the plain recurrent core of Mnih et al. (2014).
    case squareRecurrent = "ram_rnn"
    /// RAM16-GRU: one square patch, a gated recurrent core.
    case squareGated = "ram_gru"

    /// Glimpses at a window.
    public static let glimpses = 16

    /// The part of a glimpse around its centre, `frames` long and `bands` high.
    public struct Shape: Equatable, Sendable {
        /// Frames of 10 ms; as many lie before the centre as after it, or one more.
        public let frames: Int
        /// Mel bands, likewise.
        public let bands: Int
    }

    /// The patches of one glimpse.
    public var shapes: [Shape] {
        switch self {
        case .sightreader:
            [(7, 44), (7, 25), (128, 1), (64, 1), (32, 1)].map { Shape(frames: $0.0, bands: $0.1) }
        case .squareRecurrent, .squareGated: [Shape(frames: 12, bands: 12)]
        }
    }

    /// Values of one glimpse.
    var values: Int { shapes.reduce(0) { $0 + $1.frames * $1.bands } }
}
