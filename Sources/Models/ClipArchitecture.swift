// The clip models that a model file may hold, and the sizes they share.

/// A clip model of Watcharasupat, Gururani & Lerch, *Visual Attention for Musical Instrument Recognition* (2020).
public enum ClipArchitecture: String, Codable, CaseIterable, Sendable {
    /// Attention over time and timbre.
    case attention = "att_tf"
    /// The same, with every instance told its row.
    case attentionWithRow = "att_tf_id"
    /// Attention over time alone; the rows of a column are one instance.
    case attentionOverTime = "att_t"
    /// A dense layer over all instances of the window in place of attention.
    case dense = "fc"
    /// Sightreader: sixteen glimpses in musically motivated shapes, a gated recurrent core.
    case sightreader
    /// RAM16-RNN: sixteen square glimpses, a plain recurrent core.
    case squareRecurrent = "ram_rnn"
    /// RAM16-GRU: sixteen square glimpses, a gated recurrent core.
    case squareGated = "ram_gru"

    /// Frames of one patch, 0.96 s.
    public static let patchFrames = 96
    /// Columns of time that the stack makes of a patch, 0.16 s each.
    public static let columns = 6
    /// Rows of timbre that it makes, 16 bands each.
    public static let rows = 4

    /// What a patch becomes; nil for systems that look at the whole window at once.
    var patches: PatchForm? {
        switch self {
        case .attention, .dense: .apart
        case .attentionWithRow: .identified
        case .attentionOverTime: .joined
        case .sightreader, .squareRecurrent, .squareGated: nil
        }
    }

    /// What a glimpse shows; nil for systems that do not look around.
    var glimpses: GlimpseForm? {
        switch self {
        case .sightreader: .sightreader
        case .squareRecurrent: .square(isGated: false)
        case .squareGated: .square(isGated: true)
        default: nil
        }
    }

    /// Whether only the window that the model was trained for will do.
    var hasFixedWindow: Bool { self == .dense || glimpses != nil }
    /// Whether patches may fade instead of leaving the window.
    var hasRunningForm: Bool {
        switch self {
        case .attention, .attentionWithRow, .attentionOverTime: true
        case .dense, .sightreader, .squareRecurrent, .squareGated: false
        }
    }
}
