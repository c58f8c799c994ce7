// The table of all clip systems that the programs read.

import Models

extension [ClipArchitecture] {
    /// Those that ship and those of the papers; a new system is one file and its line here.
    public static let all: [ClipArchitecture] =
        shipped + [
            .dense,
            .sightreader, .squareRecurrent, .squareGated,
            .embeddingAttention, .embeddingDense, .embeddingMean, .embeddingRecurrent, .embeddingCausal,
            .embeddingForest,
            .hierarchySeparate, .hierarchyByRule, .hierarchyByAttention,
        ]
}
