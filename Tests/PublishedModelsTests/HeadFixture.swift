// Clip systems on embeddings, made in memory of the golden trunk and of tensors that Python draws likewise.

import Foundation
import ModelFixtures
import Models
import NeuralNetwork
import TestSupport

@testable import PublishedModels

extension ClipArchitecture {
    /// Systems that hear one embedding for each patch.
    static let onEmbeddings: [ClipArchitecture] = [ClipArchitecture].all.filter {
        $0.name.hasPrefix("embedding_") || $0.name.hasPrefix("hierarchical_")
    }
}

extension ClipFixture {
    /// A system of 24 classes, ten patches and the golden tensors; see training/golden/make_clip_heads.py.
    static func head(_ architecture: ClipArchitecture) throws -> ClipFixture {
        var tensors = try golden().tensors.filter { !$0.key.hasPrefix("attention") && !$0.key.hasPrefix("classifier") }
        if architecture == .embeddingForest {
            let forest = try Safetensors(contentsOf: GoldenFile.path("clip_heads_forest.safetensors")).tensors
            tensors.merge(forest) { _, new in new }
        }
        let text = try Data(contentsOf: URL(fileURLWithPath: GoldenFile.path("clip_heads.json")))
        let shapes = try JSONDecoder().decode([String: [String: [Int]]].self, from: text)
        for (name, shape) in shapes[architecture.name] ?? [:] {
            tensors[name] = drawn(name, shape)
        }
        let classes = InstrumentClass.allCases
        return ClipFixture(
            description: ClipDescription(
                name: "head", architecture: architecture, width: 2, windowPatches: 10, classes: classes,
                families: architecture.hasFamilies ? InstrumentFamily.allCases : nil,
                thresholds: classes.map { _ in 0.5 }),
            tensors: tensors)
    }

    private static func drawn(_ name: String, _ shape: [Int]) -> Tensor {
        var (scale, centre): (Float, Float) = (0.3, 0)
        if shape.count > 1 {
            scale = 1.7 / Float(shape.dropFirst().reduce(1, *)).squareRoot()
        } else if name.hasSuffix("running_var") {
            (scale, centre) = (0.5, 1)
        } else if name.hasSuffix("weight") {
            centre = 1
        }
        let values = tiedFloats(shape.reduce(1, *), name: name, seed: 18).map { Float16(centre + scale * $0) }
        return Tensor(name: name, shape: shape, elements: .half(values.map(\.bitPattern)))
    }

    /// The spectrum that the golden answers belong to: ten patches.
    static func headSpectrum() throws -> [Float] {
        let size = ClipArchitecture.patchFrames * 64
        let given = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_in.npy")).values
        var spectrum: [Float] = []
        for patch in 0..<10 {
            let first = patch % 3 * size
            let raise = Float(patch) / 10
            spectrum += given[first..<first + size].map { $0 + raise }
        }
        return spectrum
    }
}
