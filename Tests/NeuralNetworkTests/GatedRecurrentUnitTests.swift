// A recurrent unit in a stream; its arithmetic is held against PyTorch in the tests of the models.

import TestSupport
import Testing

@testable import NeuralNetwork

@Suite struct GatedRecurrentUnitTests {
    private static func unit() throws -> GatedRecurrentUnit {
        var generator = SeededGenerator(9)
        let shapes = [
            "g.weight_ih_l0": [15, 4], "g.weight_hh_l0": [15, 5], "g.bias_ih_l0": [15], "g.bias_hh_l0": [15],
        ]
        let tensors = shapes.sorted { $0.key < $1.key }.map { name, shape in
            (name, Tensor(name: name, shape: shape, elements: .single(generator.floats(shape.reduce(1, *)))))
        }
        return GatedRecurrentUnit(
            try RecurrentWeights(
                "g", "l0", inputs: 4, units: 5, gates: GatedRecurrentUnit.gates,
                tensors: Dictionary(uniqueKeysWithValues: tensors)))
    }

    @Test("However the sequence is cut, the unit gives the same bits, and a reset begins anew")
    func cuts() throws {
        let unit = try Self.unit()
        var generator = SeededGenerator(10)
        let input = generator.floats(60 * 4)
        var whole = [Float](repeating: 0, count: 60 * 5)
        unit.process(input, &whole, frames: 60)
        unit.reset()
        var pieces: [Float] = []
        for first in stride(from: 0, to: 60, by: 7) {
            let frames = min(7, 60 - first)
            var piece = [Float](repeating: 0, count: frames * 5)
            unit.process(Array(input[(first * 4)...]), &piece, frames: frames)
            pieces += piece
        }
        #expect(pieces == whole)
        #expect(whole.allSatisfy { abs($0) < 1 })
        #expect(Set(whole).count > 250)
    }
}
