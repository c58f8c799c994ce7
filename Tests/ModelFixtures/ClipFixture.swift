// Clip models made in memory: with the tensors of the golden file, and with random ones.

import Foundation
import Models
import NeuralNetwork
import TestSupport

/// A clip model to run, to alter and to damage.
package struct ClipFixture {
    /// What the file says of itself.
    package var description: ClipDescription
    /// Its weights.
    package var tensors: [String: Tensor]

    /// A model of these parts.
    package init(description: ClipDescription, tensors: [String: Tensor]) {
        self.description = description
        self.tensors = tensors
    }

    /// The model at `path`.
    package init(contentsOf path: String, among architectures: [ClipArchitecture] = .shipped) throws {
        self.init(
            description: try ClipModelFile(contentsOf: path, among: architectures).description,
            tensors: try Safetensors(contentsOf: path).tensors)
    }

    /// The golden tensors as they are: att_tf_id.
    package static func golden() throws -> ClipFixture {
        try ClipFixture(contentsOf: GoldenFile.path("clip_tiny.safetensors"))
    }

    /// Another form of AttentionMIC with the golden tensors where they fit; see training/golden/make_clip.py.
    package static func golden(_ architecture: ClipArchitecture) throws -> ClipFixture {
        var fixture = try golden()
        fixture.description.architecture = architecture.name
        guard architecture != .attentionWithRow else { return fixture }
        for name in ["attention.weight", "classifier.weight"] {
            let columns = fixture.tensors[name]?.rearranged(as: name, axes: [1, 0]).part(0..<128)
            fixture.tensors[name] = columns?.rearranged(as: name, axes: [1, 0], shape: [2, 128])
        }
        return fixture
    }

    /// Attention over time and timbre with random weights: two classes, a window of three patches.
    package static func random(width: Int = 1) -> ClipFixture {
        random(.attention, width: width, classifierInputs: 128, hasAttention: true)
    }

    /// Random weights of a system behind the stack, with two classes and a window of three patches.
    package static func random(
        _ architecture: ClipArchitecture, width: Int = 1, classifierInputs: Int, hasAttention: Bool
    ) -> ClipFixture {
        ClipFixture(
            description: ClipDescription(
                name: "random", architecture: architecture, width: width, windowPatches: 3,
                classes: [.piano, .violin], thresholds: [0.4, 0.6]),
            tensors: randomClipTensors(
                width: width, classifierInputs: classifierInputs, hasAttention: hasAttention, classes: 2, seed: 1))
    }

    /// The description as JSON.
    package func text() throws -> String { String(decoding: try JSONEncoder().encode(description), as: UTF8.self) }

    /// The whole file; the description may be given in other words.
    package func bytes(text: String? = nil) throws -> [UInt8] {
        try encodeSafetensors(
            tensors, metadata: ["format": ModelFile.format, "description": try text ?? self.text()])
    }

    /// The file, read back.
    package func file(among architectures: [ClipArchitecture] = .shipped) throws -> ClipModelFile {
        try ClipModelFile(try bytes(), file: "fixture", among: architectures)
    }

    /// Log-mel values that a seed decides.
    package static func spectrum(patches: Int, seed: UInt64 = 3) -> [Float] {
        var generator = SeededGenerator(seed)
        return generator.floats(patches * ClipArchitecture.patchFrames * 64).map { 2 * $0 - 1.5 }
    }
}

extension ClipModel {
    /// Feeds frames of 64 values; every set of tags that comes, with the number of frames after which it came.
    package func feed(_ spectrum: ArraySlice<Float>, shedding: Bool = false) -> [(frames: Int, tags: [ClipTag])] {
        var found: [(Int, [ClipTag])] = []
        spectrum.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return }
            for frame in 0..<values.count / 64 where process(start + 64 * frame, shedding: shedding) {
                found.append((frame + 1, current))
            }
        }
        return found
    }

    /// The tags that stand ready.
    package var current: [ClipTag] {
        Array(UnsafeBufferPointer(start: tags, count: settings.file.description.classes.count))
    }
}
