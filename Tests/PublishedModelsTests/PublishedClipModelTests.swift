// The published clip models give what PyTorch gave.

import ModelFixtures
import Models
import NeuralNetwork
import TestSupport
import Testing

@testable import PublishedModels

@Suite struct PublishedClipModelTests {
    @Test(
        "The clip models reproduce PyTorch",
        arguments: [
            ("arch_att", .attention), ("arch_fc", .dense), ("arch_fct", .meanPooled), ("arch_rnn", .recurrent),
        ] as [(String, PublishedClipModel.Architecture)])
    func probabilities(group: String, architecture: PublishedClipModel.Architecture) throws {
        let checkpoint = try Safetensors(contentsOf: GoldenFile.path("\(group).safetensors"))
        let model = try PublishedClipModel(architecture, checkpoint: checkpoint.tensors)
        let input = try NumpyArray(contentsOf: GoldenFile.path("\(group)_in.npy")).values
        let expected = try NumpyArray(contentsOf: GoldenFile.path("\(group)_out.npy")).values
        let output = stride(from: 0, to: input.count, by: 1280).flatMap {
            model.probabilities(Array(input[$0..<$0 + 1280]))
        }
        #expect(output.count == 80)
        let worst = zip(output, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-5, "differs by \(worst)")
    }

    @Test("The attention lies where PyTorch had it, and the other models have none")
    func attention() throws {
        let checkpoint = try Safetensors(contentsOf: GoldenFile.path("arch_att.safetensors"))
        let model = try PublishedClipModel(.attention, checkpoint: checkpoint.tensors)
        let input = try NumpyArray(contentsOf: GoldenFile.path("arch_att_in.npy")).values
        let expected = try NumpyArray(contentsOf: GoldenFile.path("arch_att_weights.npy")).values
        let weights = try #require(model.attention(Array(input.prefix(1280))))
        #expect(weights.count == 200)
        #expect(zip(weights, expected).allSatisfy { abs($0 - $1) < 1e-5 })
        let other = try Safetensors(contentsOf: GoldenFile.path("arch_fct.safetensors"))
        #expect(try PublishedClipModel(.meanPooled, checkpoint: other.tensors).attention(input) == nil)
    }

    @Test("A checkpoint that lacks a tensor is refused by its name")
    func missing() throws {
        var tensors = try Safetensors(contentsOf: GoldenFile.path("arch_rnn.safetensors")).tensors
        tensors["rnn.weight_hh_l1_reverse"] = nil
        #expect(throws: NetworkError.missingTensor("rnn.weight_hh_l1_reverse", expected: [192, 64])) {
            try PublishedClipModel(.recurrent, checkpoint: tensors)
        }
    }
}
