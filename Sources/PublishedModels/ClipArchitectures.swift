// The table of all clip systems that the programs can read.

import Models

extension [ClipArchitecture] {
    /// The shipped systems and those of the papers; a new system is one file and its entry here.
    public static let all: [ClipArchitecture] =
        shipped + [
            .dense,
            .sightreader, .squareRecurrent, .squareGated,
            .embeddingAttention, .embeddingDense, .embeddingMean, .embeddingRecurrent, .embeddingCausal,
            .embeddingForest,
            .hierarchySeparate, .hierarchyByRule, .hierarchyByAttention,
        ]
}
