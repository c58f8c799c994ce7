// The glimpse networks against PyTorch: what they say, and where they look.

import NeuralNetwork
import TestSupport
import Testing

@testable import Models

@Suite("Glimpse networks") struct GlimpseReaderTests {
    private static let frames = 3 * 96

    private static func tensors(_ architecture: GlimpseArchitecture) throws -> [String: Tensor] {
        try Safetensors(contentsOf: GoldenFile.path("\(architecture.rawValue).safetensors")).tensors
    }

    private static func reader(_ architecture: GlimpseArchitecture) throws -> GlimpseReader {
        GlimpseReader(try GlimpseNetwork(architecture, width: 8, classes: 2, tensors: try tensors(architecture)))
    }

    private func look(_ reader: GlimpseReader, _ window: [Float]) -> (probabilities: [Float], path: [Glimpse]) {
        reader.look(at: window, frames: window.count / 64)
        return (
            Array(UnsafeBufferPointer(start: reader.probabilities, count: reader.network.classes)),
            Array(UnsafeBufferPointer(start: reader.path, count: GlimpseArchitecture.glimpses))
        )
    }

    @Test("look where PyTorch looks and say what it says, to a hundred-thousandth", arguments: GlimpseArchitecture.allCases)
    func parity(_ architecture: GlimpseArchitecture) throws {
        let row = try #require(GlimpseArchitecture.allCases.firstIndex(of: architecture))
        let input = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_in.npy")).values
        let expected = try NumpyArray(contentsOf: GoldenFile.path("glimpses_out.npy")).values
        let path = try NumpyArray(contentsOf: GoldenFile.path("glimpses_path.npy")).values
        let found = look(try Self.reader(architecture), input)
        for (index, probability) in found.probabilities.enumerated() {
            #expect(abs(probability - expected[2 * row + index]) < 1e-5)
        }
        for (index, glimpse) in found.path.enumerated() {
            let place = 2 * (16 * row + index)
            #expect(glimpse == Glimpse(frame: Int(path[place]), band: Int(path[place + 1])))
        }
    }

    @Test("say the same of a window whatever they looked at before", arguments: GlimpseArchitecture.allCases)
    func memory(_ architecture: GlimpseArchitecture) throws {
        let reader = try Self.reader(architecture)
        let (one, other) = (ClipFixture.spectrum(patches: 3, seed: 1), ClipFixture.spectrum(patches: 2, seed: 2))
        let first = look(reader, one)
        #expect(look(reader, other).probabilities != first.probabilities)
        let again = look(reader, one)
        #expect(again.probabilities == first.probabilities)
        #expect(again.path == first.path)
    }

    @Test("stay within any window, and take what lies outside for silence", arguments: GlimpseArchitecture.allCases)
    func edges(_ architecture: GlimpseArchitecture) throws {
        let reader = try Self.reader(architecture)
        for frames in [1, 2, 5, 96] {
            let window = (0..<frames * 64).map { Float($0 % 7) - 3 }
            let found = look(reader, window)
            #expect(found.path.allSatisfy { (0..<frames).contains($0.frame) && (0..<64).contains($0.band) })
            #expect(found.probabilities.allSatisfy { (0...1).contains($0) })
        }
    }

    @Test("look at the middle when weights overflow, and do not end the program")
    func overflow() throws {
        var tensors = try Self.tensors(.squareRecurrent)
        for (name, shape) in [("core.weight_hh_l0", [8, 8]), ("next.weight", [2, 8])] {
            let count = shape.reduce(1, *)
            let values = (0..<count).map { Float($0 % 2 == 0 ? 3e38 : -3e38) }
            tensors[name] = Tensor(name: name, shape: shape, elements: .single(values))
        }
        let network = try GlimpseNetwork(.squareRecurrent, width: 8, classes: 2, tensors: tensors)
        let found = look(GlimpseReader(network), ClipFixture.spectrum(patches: 1))
        #expect(found.path.allSatisfy { (0..<96).contains($0.frame) && (0..<64).contains($0.band) })
    }

    @Test("count their arithmetic as PyTorch's side does")
    func cost() throws {
        // training/tests/test_glimpses.py holds the same numbers.
        let expected: [GlimpseArchitecture: Int] = [.sightreader: 52_304, .squareRecurrent: 12_176, .squareGated: 16_272]
        for (architecture, count) in expected {
            #expect(try Self.reader(architecture).network.multiplyAdds == count)
        }
    }

    @Test("of another geometry or without a tensor are refused with its name and the shape that was expected")
    func refusals() throws {
        var tensors = try Self.tensors(.sightreader)
        #expect(throws: NetworkError.wrongShape(tensor: "sensor.weight", expected: [4, 144], found: [4, 707])) {
            try GlimpseNetwork(.squareGated, width: 8, classes: 2, tensors: tensors)
        }
        #expect(throws: NetworkError.wrongShape(tensor: "sensor.weight", expected: [8, 707], found: [4, 707])) {
            try GlimpseNetwork(.sightreader, width: 16, classes: 2, tensors: tensors)
        }
        #expect(throws: NetworkError.wrongShape(tensor: "classifier.weight", expected: [3, 8], found: [2, 8])) {
            try GlimpseNetwork(.sightreader, width: 8, classes: 3, tensors: tensors)
        }
        tensors["core.weight_hh_l0"] = nil
        #expect(throws: NetworkError.missingTensor("core.weight_hh_l0", expected: [24, 8])) {
            try GlimpseNetwork(.sightreader, width: 8, classes: 2, tensors: tensors)
        }
    }
}
