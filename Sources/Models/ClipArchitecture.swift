// The clip models that a model file may hold, and the sizes they share.

/// Which network the file of a clip model holds.
public enum ClipArchitecture: String, Codable, CaseIterable, Sendable {
    // Watcharasupat, Gururani & Lerch, Visual Attention for Musical Instrument Recognition (2020).
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

    // Gururani, Sharma & Lerch, An Attention Mechanism for Musical Instrument Recognition (2019): one embedding a patch.
    /// ATT: attention over the embeddings.
    case embeddingAttention = "embedding_att"
    /// FC: dense layers over all embeddings of the window.
    case embeddingDense = "embedding_fc"
    /// FC_T: dense layers for each embedding, then the mean.
    case embeddingMean = "embedding_fc_t"
    /// RNN: three layers of gated recurrent units, both ways.
    case embeddingRecurrent = "embedding_rnn"
    /// The same, forward alone.
    case embeddingCausal = "embedding_rnn_causal"
    /// RF_BR: a random forest for each class on the mean embedding.
    case embeddingForest = "embedding_rf_br"

    // After Zhong et al., An Attention-based Approach to Hierarchical Multi-label Music Instrument Classification (2023).
    /// ATT for the instruments and another for the families.
    case hierarchySeparate = "hierarchical_separate"
    /// ATT, and families by grouped max-pooling.
    case hierarchyByRule = "hierarchical_rule"
    /// ATT, and families by attention over the instruments.
    case hierarchyByAttention = "hierarchical_attention"

    /// Frames of one patch, 0.96 s.
    public static let patchFrames = 96
    /// Columns of time that the stack makes of a patch, 0.16 s each.
    public static let columns = 6
    /// Rows of timbre that it makes, 16 bands each.
    public static let rows = 4

    /// What a patch becomes; nil for systems that look at the whole window at once.
    var patches: PatchForm? {
        switch self {
        case .attentionWithRow: .identified
        case .attentionOverTime: .joined
        case .sightreader, .squareRecurrent, .squareGated: nil
        default: .apart
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
    var hasFixedWindow: Bool { self == .dense || self == .embeddingDense || glimpses != nil }
    /// Whether patches may fade instead of leaving the window.
    var hasRunningForm: Bool { [.attention, .attentionWithRow, .attentionOverTime].contains(self) }
    /// Whether it says how probable families are.
    var hasFamilies: Bool { [.hierarchySeparate, .hierarchyByRule, .hierarchyByAttention].contains(self) }
}
