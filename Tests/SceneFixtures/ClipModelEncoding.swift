// Writes files of clip models for tests and benchmarks.

import Foundation
import Models
import TestSupport

/// The bytes of a clip model with random weights.
public func encodeClipModel(
    width: Int, classes: [InstrumentClass], windowPatches: Int = 10, seed: UInt64 = 1, threshold: Float = 0.5
) throws -> [UInt8] {
    let description = ClipDescription(
        name: "random clip model", architecture: .attentionWithRow, width: width, windowPatches: windowPatches,
        classes: classes, thresholds: classes.map { _ in threshold })
    let tensors = randomClipTensors(
        width: width, classifierInputs: 132, hasAttention: true, classes: classes.count, seed: seed)
    let text = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    return try encodeSafetensors(tensors, metadata: ["format": ModelFile.format, "description": text])
}
