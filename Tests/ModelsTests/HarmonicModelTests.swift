// A model file that carries its own pitch estimator: loaded, run and damaged like any other.

import Features
import FoundationEssentials
import NeuralNetwork
import TestSupport
import Testing

@testable import Models

@Suite struct HarmonicModelTests {
    /// Twelve bins of constant-Q; the network finds the pitch in them itself.
    private static let description: ModelDescription = {
        var description = ModelFixture().description
        description.frontEnd.harmonics = nil
        description.network = NetworkDescription(
            inputs: 12,
            layers: [
                .harmonicSeries(
                    shifts: [7, 12],
                    layers: [
                        .interleave(planes: 1),
                        .spectralConvolution(name: "pitch.0", bins: 12, outputs: 2, span: 5, kernel: 2, stride: 1),
                        .relu,
                        .spectralConvolution(name: "pitch.1", bins: 12, outputs: 1, span: 3, kernel: 1, stride: 1),
                        .sigmoid,
                    ]),
                .standardize(name: "norm"), .batchNorm(name: "head.0", planes: 2),
                .convolution(name: "head.1", outputs: 3, kernel: 3, dilation: 1), .sigmoid,
            ])
        return description
    }()
    private static let tensors = randomTensors(for: description.network, seed: 4)

    private func text() throws -> String { String(decoding: try JSONEncoder().encode(Self.description), as: UTF8.self) }

    private func file(_ text: String) throws -> ModelFile {
        let bytes = try encodeSafetensors(Self.tensors, metadata: ["format": ModelFile.format, "description": text])
        return try ModelFile(bytes, file: "harmonic")
    }

    @Test("A model that estimates its own pitch hears the constant-Q alone and gives the same bits at every block size")
    func runs() throws {
        let file = try file(text())
        #expect(file.description == Self.description)
        var generator = SeededGenerator(9)
        let features = generator.floats(60 * 12).map { abs($0) }
        let answers = [1, 7, 60].map { block in
            var activities = [Float](repeating: .nan, count: 60 * 3)
            let model = FrameModel(file, maximumFrames: block)
            activities.withUnsafeMutableBufferPointer { activities in
                features.withUnsafeBufferPointer { features in
                    guard let from = features.baseAddress, let to = activities.baseAddress else { return }
                    for first in stride(from: 0, to: 60, by: block) {
                        model.process(from + first * 12, frames: min(block, 60 - first), into: to + first * 3)
                    }
                }
            }
            return activities
        }
        #expect(answers.allSatisfy { $0 == answers[0] })
        #expect(answers[0].allSatisfy { $0 > 0 && $0 < 1 })
    }

    @Test("A thousand mutations of its description are read or refused, never crashed upon")
    func mutations() throws {
        let good = Array(try text().utf8)
        var generator = SeededGenerator(5)
        var refused = 0
        for _ in 0..<1000 {
            do {
                _ = try file(String(decoding: mutated(good, using: &generator), as: UTF8.self))
            } catch let error as ModelError {
                refused += 1
                #expect(error.description.hasPrefix("harmonic"))
            }
        }
        #expect(refused > 250)
    }
}
