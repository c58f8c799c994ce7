// The published networks, run as published, give what PyTorch gave.

import Foundation
import ModelFixtures
import Models
import NeuralNetwork
import TestSupport
import Testing

@testable import PublishedModels

@Suite struct PublishedArchitectureTests {
    private static let outside = GoldenFile.outside ?? ""
    private static let golden =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/training/golden/published"

    @Test(
        "The residual network reproduces PyTorch on one and on two planes",
        arguments: [
            ("arch_sy_cqt", 1, 1_073_255), ("arch_sy_hsf5", 2, 1_096_487),
        ])
    func residual(group: String, planes: Int, parameters: Int) throws {
        let architecture = PublishedArchitecture.residual(planes: planes)
        let checkpoint = try Safetensors(contentsOf: GoldenFile.path("\(group).safetensors"))
        let network = try SequentialNetwork(architecture.network, tensors: architecture.tensors(of: checkpoint.tensors))
        #expect(network.parameterCount == parameters)
        #expect(network.receptiveField == 81)
        #expect(network.stride == 9)

        let input = try NumpyArray(contentsOf: GoldenFile.path("\(group)_in.npy"))
        let expected = try NumpyArray(contentsOf: GoldenFile.path("\(group)_out.npy"))
        let output = network.offline(input.transposed([0, 2, 3, 1]))
        expectClose(output, expected.transposed([0, 2, 1, 3]))
    }

    @Test(
        "The baseline reproduces its authors' released checkpoint",
        .enabled(
            if: GoldenFile.outside != nil,
            "the authors' weights are not in the repository: set TIMBRE_DATA to the directory that holds golden/"))
    func baseline() throws {
        let architecture = PublishedArchitecture.baseline
        let checkpoint = try Safetensors(contentsOf: "\(Self.outside)/musicnet_baseline.safetensors")
        let network = try SequentialNetwork(architecture.network, tensors: architecture.tensors(of: checkpoint.tensors))
        #expect(network.parameterCount == 312_263)
        #expect(network.receptiveField == 33)

        let input = try NumpyArray(contentsOf: "\(Self.outside)/musicnet_baseline_cqt.npy")
        let expected = try NumpyArray(contentsOf: "\(Self.outside)/musicnet_baseline_probs.npy")
        expectClose(network.offline(input.transposed([1, 0])), expected.transposed([1, 0]))
    }

    /// What training/golden/make_published.py calls them.
    private static let trained: [(String, PublishedArchitecture)] =
        [
            ("plain", .baseline), ("residual", .residual(planes: 1)), ("residual-planes", .residual(planes: 2)),
            ("residual-frequency", .residualPitchAsFrequency), ("pitch", .pitchEstimator),
            ("pitch-channel", .estimated(harmonics: 0)), ("pitch-frequency", .estimatedPitchAsFrequency),
        ] + (1...5).map { ("hsf-\($0)", .estimated(harmonics: $0)) }

    @Test(
        "Every published system is the same network here and in PyTorch, and answers the same, causal and as published",
        arguments: trained)
    func training(name: String, architecture: PublishedArchitecture) throws {
        let golden = "\(Self.golden)/\(name)"
        let text = try Data(contentsOf: URL(fileURLWithPath: "\(golden).json"))
        let description = try JSONDecoder().decode(NetworkDescription.self, from: text)
        #expect(description == architecture.network(classes: 24, standardized: true))

        let network = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 18))
        let streaming = try NumpyArray(contentsOf: "\(golden)_streaming.npy")
        let frames = streaming.shape[0]
        let input = tiedFloats(frames * network.inputs, name: "input", seed: 18).map { abs($0) }
        var output = [Float](repeating: .nan, count: frames * network.outputs)
        network.streaming(maximumFrames: 8).process(input, &output, frames: frames)
        expectClose(output, streaming.values)
        let published = try NumpyArray(contentsOf: "\(golden)_offline.npy")
        expectClose(network.offline(input), published.values)
    }

    @Test("The estimator is the light one that its documentation says, and what contains it adds it")
    func estimator() throws {
        func network(_ architecture: PublishedArchitecture) throws -> SequentialNetwork {
            try SequentialNetwork(architecture.network, tensors: randomTensors(for: architecture.network, seed: 1))
        }
        let estimator = try network(.pitchEstimator)
        #expect(estimator.parameterCount == 29_313)
        #expect(estimator.receptiveField == 9)
        let (alone, whole) = (try network(.residual(planes: 2)), try network(.estimated(harmonics: 5)))
        #expect(whole.parameterCount == alone.parameterCount + estimator.parameterCount)
        #expect(whole.multiplyAdds == alone.multiplyAdds + estimator.multiplyAdds)
        #expect(whole.receptiveField == alone.receptiveField + 8)
    }

    @Test("Pitch on the frequency axis has the published number of parameters")
    func pitchAsFrequency() throws {
        let description = PublishedArchitecture.residualPitchAsFrequency.network
        let network = try SequentialNetwork(description, tensors: randomTensors(for: description, seed: 1))
        #expect(network.parameterCount == 1_096_663)
    }

    private func expectClose(_ output: [Float], _ expected: [Float]) {
        #expect(output.count == expected.count)
        let worst = zip(output, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-4, "differs by \(worst)")
    }
}
