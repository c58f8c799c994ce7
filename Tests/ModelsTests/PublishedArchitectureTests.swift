// The published networks, run as published, give what PyTorch gave.

import NeuralNetwork
import TestSupport
import Testing

@testable import Models

@Suite struct PublishedArchitectureTests {
    private static let outside = GoldenFile.outside ?? ""

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
