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

    /// Frames of one patch, 0.96 s.
    public static let patchFrames = 96
    /// Columns of time that the stack makes of a patch, 0.16 s each.
    public static let columns = 6
    /// Rows of timbre that it makes, 16 bands each.
    public static let rows = 4
    /// Floats of an embedded instance.
    static let embedding = 128
    /// Channels of the convolutions over the width, and what pools: VGGish's.
    static let plan: [(factor: Int, pools: Bool)] = [
        (1, true), (2, true), (4, false), (4, true), (8, false), (8, true),
    ]

    /// Instances of one patch.
    var instances: Int { self == .attentionOverTime ? Self.columns : Self.columns * Self.rows }
    /// Floats of one instance as the last layer sees it.
    var instanceSize: Int { Self.embedding + (self == .attentionWithRow ? Self.rows : 0) }
}
