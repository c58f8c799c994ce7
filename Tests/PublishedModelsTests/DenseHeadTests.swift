// The dense baseline of AttentionMIC against PyTorch, and what its fixed window forbids.

import Foundation
import ModelFixtures
import Models
import NeuralNetwork
import TestSupport
import Testing

@testable import PublishedModels

@Suite("The dense clip system") struct DenseHeadTests {
    private static let random = ClipFixture.random(.dense, classifierInputs: 3 * 24 * 128, hasAttention: false)

    @Test("gives what PyTorch gives, to a hundred-thousandth") func parity() throws {
        let input = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_in.npy"))
        let output = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_out.npy"))
        // See training/golden/make_clip.py; the system is the last row of the answers.
        var fixture = try ClipFixture.golden(.attentionWithRow)
        fixture.description.architecture = "fc"
        let weights = (0..<2 * 3 * 24 * 128).map { Float(sin(Double($0)) / 50) }
        fixture.tensors["classifier.weight"] = Tensor(
            name: "classifier.weight", shape: [2, 3 * 24 * 128], elements: .single(weights))
        fixture.tensors["classifier.bias"] = Tensor(
            name: "classifier.bias", shape: [2], elements: .single([-0.2, 0.2]))
        let model = ClipModel(try ClipSettings(try fixture.file(among: .all)))
        _ = model.feed(input.values[...])
        #expect(model.finish())
        #expect(model.current.count == 2)
        for (index, tag) in model.current.enumerated() {
            #expect(abs(tag.probability - output.values[6 + index]) < 1e-5)
        }
    }

    @Test("without attention there are tags only while the window is full")
    func dense() throws {
        let model = ClipModel(try ClipSettings(try Self.random.file(among: .all)))
        let found = model.feed(ClipFixture.spectrum(patches: 5)[...])
        #expect(found.map(\.frames) == [3, 4].map { 96 * $0 + model.delayFrames })
        #expect(found.allSatisfy { $0.tags.allSatisfy { $0.focus == nil } })
    }

    @Test("is refused where its layer does not fit the window") func geometry() throws {
        var fixture = Self.random
        fixture.description.windowPatches = 4
        let error = #expect(throws: ModelError.self) { try fixture.file(among: .all) }
        #expect("\(String(describing: error))".contains("requires [2, 12288]"))
    }

    @Test("has one window and no running form") func windows() throws {
        let file = try Self.random.file(among: .all)
        func refusal(window: Int? = nil, form: ClipSettings.Form = .sliding) -> String {
            do throws(ModelError) {
                _ = try ClipSettings(file, window: window, form: form)
            } catch {
                return "\(error)"
            }
            return "none"
        }
        #expect(refusal() == "none")
        #expect(refusal(window: 4).contains("trained for 3 patches and does not support 4"))
        #expect(refusal(form: .running).contains("no running form"))
    }
}
