// Clip models made in memory: with the tensors of the golden file, and with random ones.

import Foundation
import NeuralNetwork
import TestSupport

@testable import Models

/// A clip model to run, to alter and to damage.
struct ClipFixture {
    var description: ClipDescription
    var tensors: [String: Tensor]

    /// The golden tensors as they are: att_tf_id.
    static func golden() throws -> ClipFixture {
        let path = GoldenFile.path("clip_tiny.safetensors")
        return ClipFixture(
            description: try ClipModelFile(contentsOf: path).description,
            tensors: try Safetensors(contentsOf: path).tensors)
    }

    /// Another variant of AttentionMIC with the golden tensors where they fit; see training/golden/make_clip.py.
    static func golden(_ architecture: ClipArchitecture) throws -> ClipFixture {
        var fixture = try golden()
        fixture.description.architecture = architecture
        switch architecture {
        case .attention, .attentionOverTime:
            for name in ["attention.weight", "classifier.weight"] {
                let columns = fixture.tensors[name]?.rearranged(as: name, axes: [1, 0]).part(0..<128)
                fixture.tensors[name] = columns?.rearranged(as: name, axes: [1, 0], shape: [2, 128])
            }
        case .dense:
            let count = 2 * 3 * 24 * 128
            let weights = (0..<count).map { Float(sin(Double($0)) / 50) }
            fixture.tensors["classifier.weight"] = Tensor(
                name: "classifier.weight", shape: [2, count / 2], elements: .single(weights))
            fixture.tensors["classifier.bias"] = Tensor(
                name: "classifier.bias", shape: [2], elements: .single([-0.2, 0.2]))
        default: break
        }
        return fixture
    }

    /// Random weights: two classes, a window of three patches.
    static func random(_ architecture: ClipArchitecture = .attention, width: Int = 1) -> ClipFixture {
        let form = architecture.patches ?? .apart
        let inputs = architecture == .dense ? 3 * form.instances * form.instanceSize : form.instanceSize
        return ClipFixture(
            description: ClipDescription(
                name: "random", architecture: architecture, width: width, windowPatches: 3,
                classes: [.piano, .violin], thresholds: [0.4, 0.6]),
            tensors: randomClipTensors(
                width: width, classifierInputs: inputs, hasAttention: architecture != .dense, classes: 2, seed: 1))
    }

    /// The description as JSON.
    func text() throws -> String { String(decoding: try JSONEncoder().encode(description), as: UTF8.self) }

    /// The whole file; the description may be given in other words.
    func bytes(text: String? = nil) throws -> [UInt8] {
        try encodeSafetensors(
            tensors, metadata: ["format": ModelFile.format, "description": try text ?? self.text()])
    }

    /// The file, read back.
    func file() throws -> ClipModelFile { try ClipModelFile(try bytes(), file: "fixture") }

    /// Log-mel values that a seed decides.
    static func spectrum(patches: Int, seed: UInt64 = 3) -> [Float] {
        var generator = SeededGenerator(seed)
        return generator.floats(patches * ClipArchitecture.patchFrames * 64).map { 2 * $0 - 1.5 }
    }
}

extension ClipModel {
    /// Feeds frames of 64 values; every set of tags that comes, with the number of frames after which it came.
    func feed(_ spectrum: ArraySlice<Float>, shedding: Bool = false) -> [(frames: Int, tags: [ClipTag])] {
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
    var current: [ClipTag] {
        Array(UnsafeBufferPointer(start: tags, count: settings.file.description.classes.count))
    }
}
