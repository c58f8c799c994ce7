// Writes model files for tests and benchmarks.

import Features
import Foundation
import Models
import NeuralNetwork
import TestSupport

/// The bytes of a model file with thresholds that suit activities near 0 and 1.
public func encodeModel(
    _ name: String, network: NetworkDescription, tensors: [String: Tensor], frontEnd: FrontEndConfiguration,
    classes: [InstrumentClass]
) throws -> [UInt8] {
    let thresholds = [Double](repeating: 0.5, count: classes.count)
    let description: [String: Any] = [
        "name": name, "task": "frame",
        "network": try JSONSerialization.jsonObject(with: JSONEncoder().encode(network)),
        "front_end": try JSONSerialization.jsonObject(with: JSONEncoder().encode(frontEnd)),
        "classes": classes.map(\.rawValue),
        "thresholds": ["on": thresholds, "off": thresholds.map { $0 * 0.6 }],
        "smoothing_ms": 20, "minimum_on_ms": 80, "minimum_off_ms": 60, "gate_dbfs": -60,
        "provenance": [String: String](),
    ]
    let text = String(decoding: try JSONSerialization.data(withJSONObject: description), as: UTF8.self)
    return try encodeSafetensors(tensors, metadata: ["format": ModelFile.format, "description": text])
}
