// A small model file, made in memory, to load, to damage and to run.

import Features
import FoundationEssentials
import NeuralNetwork
import TestSupport

@testable import Models

/// A frame model of 12 bins with harmonics and three instruments.
struct ModelFixture {
    var description = ModelDescription(
        name: "fixture", task: "frame",
        network: NetworkDescription(
            inputs: 24,
            layers: [
                .standardize(name: "input"), .batchNorm(name: "head.0", planes: 2),
                .convolution(name: "head.1", outputs: 16, kernel: 3, dilation: 1),
                .residual(name: "head.2", outputs: 20, dilation: 1), .maxPool(size: 3), .relu,
                .convolution(name: "head.3", outputs: 3, kernel: 3, dilation: 1), .sigmoid,
            ]),
        frontEnd: FrontEndConfiguration(
            sampleRate: 44_100, hop: 512, minimumFrequency: 55, bins: 12, binsPerOctave: 12, harmonics: 5),
        classes: [.cello, .flute, .malletPercussion],
        thresholds: .init(on: [0.5, 0.6, 0.7], off: [0.4, 0.6, 0.3]), smoothingMilliseconds: 50,
        minimumOnMilliseconds: 80, minimumOffMilliseconds: 120, gateDecibels: -70,
        provenance: ["date": .string("2026-11-21"), "scores": .object([.init("f1", .array([.number(0.5), .null]))])])

    /// The description as JSON.
    func text() throws -> String { String(decoding: try JSONEncoder().encode(description), as: UTF8.self) }

    private static let tensors = randomTensors(for: Self().description.network, seed: 1)

    /// The whole file; the description may be given in other words.
    func bytes(format: String = ModelFile.format, text: String? = nil) throws -> [UInt8] {
        try encodeSafetensors(
            Self.tensors,
            metadata: ["format": format, "description": try text ?? self.text()])
    }
}
