// Files of systems on embeddings that are refused, and why.

import ModelFixtures
import Models
import NeuralNetwork
import TestSupport
import Testing

@testable import PublishedModels

@Suite("Files of clip systems on embeddings") struct HeadFileTests {
    private func refusal(_ fixture: ClipFixture, text: String? = nil) throws -> String {
        let bytes = try fixture.bytes(text: text)
        do throws(ModelError) {
            _ = try ClipModelFile(bytes, file: "m", among: .all)
        } catch {
            return "\(error)"
        }
        return "none"
    }

    @Test("that lack any of their tensors are refused by its name", arguments: ClipArchitecture.onEmbeddings)
    func missing(_ architecture: ClipArchitecture) throws {
        let whole = try ClipFixture.head(architecture)
        #expect(try refusal(whole) == "none")
        for name in whole.tensors.keys.sorted() where !name.hasPrefix("stack") {
            var fixture = whole
            fixture.tensors[name] = nil
            #expect(try refusal(fixture).contains("The tensor '\(name)' of shape"))
        }
    }

    @Test("whose classes do not fit the tensors are refused with the shape that was expected")
    func classes() throws {
        func withTwo(_ architecture: ClipArchitecture) throws -> ClipFixture {
            var fixture = try ClipFixture.head(architecture)
            fixture.description.classes = [.piano, .violin]
            fixture.description.thresholds = [0.5, 0.5]
            if architecture.hasFamilies { fixture.description.families = [.keyboard, .strings] }
            return fixture
        }
        let cases: [(ClipArchitecture, String)] = [
            (.embeddingAttention, "'head.att.weight' has shape [24, 128] and the description requires [2, 128]"),
            (.embeddingDense, "'head.10.weight' has shape [24, 128] and the description requires [2, 128]"),
            (.embeddingMean, "'head.classify.weight' has shape [24, 128] and the description requires [2, 128]"),
            (.embeddingRecurrent, "'head.FC.weight' has shape [24, 128] and the description requires [2, 128]"),
            (.embeddingCausal, "'head.FC.weight' has shape [24, 64] and the description requires [2, 64]"),
            (.embeddingForest, "'forest.roots' has shape [24, 3] and the description requires [2, 3]"),
            (.hierarchyByRule, "'head.fine.att.weight' has shape [24, 128] and the description requires [2, 128]"),
        ]
        for (architecture, sentence) in cases {
            #expect(try refusal(try withTwo(architecture)).contains(sentence), "\(architecture)")
        }
        var fixture = try ClipFixture.head(.embeddingDense)
        fixture.description.windowPatches = 9
        #expect(
            try refusal(fixture).contains(
                "'head.1.weight' has shape [512, 1280] and the description requires [512, 1152]"))
        fixture = try .head(.hierarchySeparate)
        fixture.description.families = [.voice]
        #expect(try refusal(fixture).contains("'head.coarse.att.weight' has shape [8, 128]"))
        fixture = try .head(.hierarchyByAttention)
        fixture.description.families = [.voice]
        #expect(
            try refusal(fixture).contains("'head.link.query' has shape [8, 64] and the description requires [1, 64]"))
    }

    @Test("whose families contradict them are refused with a sentence")
    func families() throws {
        var fixture = try ClipFixture.head(.hierarchyByRule)
        fixture.description.families = nil
        #expect(try refusal(fixture).contains("'families' is missing"))
        fixture.description.families = [.voice, .voice]
        #expect(try refusal(fixture).contains("duplicate family 'voice'"))
        fixture.description.families = [.voice, .electronic]
        fixture.description.classes.removeAll { $0 == .synthesizer }
        fixture.description.thresholds.removeLast()
        #expect(try refusal(fixture).contains("the family 'electronic' has no member among the classes"))
        fixture = try .head(.embeddingMean)
        fixture.description.families = [.voice]
        #expect(try refusal(fixture).contains("'embedding_fc_t' has no 'families'"))
        fixture = try .head(.embeddingMean)
        fixture.description.width = nil
        #expect(try refusal(fixture).contains("'width' is missing"))
    }

    @Test("are refused for windows they cannot have")
    func windows() throws {
        let dense = try ClipFixture.head(.embeddingDense).file(among: .all)
        #expect(throws: ModelError.self) { try ClipSettings(dense, window: 9) }
        let mean = try ClipFixture.head(.embeddingMean).file(among: .all)
        #expect(throws: ModelError.self) { try ClipSettings(mean, window: 65) }
        #expect(throws: ModelError.self) { try ClipSettings(mean, form: .running) }
        _ = try ClipSettings(mean, window: 64)
    }

    @Test(
        "with a broken forest are refused by the part that is broken",
        arguments: [
            ("roots", Float(-1), "whole number"), ("roots", 100_000, "whole number"), ("left", 0, "whole number"),
            ("left", 0.5, "whole number"), ("right", 100_000, "whole number"), ("right", -1, "whole number"),
            ("features", 128, "whole number from 0 to 127"), ("features", -3, "whole number"),
        ])
    func forest(_ part: String, _ value: Float, _ sentence: String) throws {
        var fixture = try ClipFixture.head(.embeddingForest)
        let tensor = try #require(fixture.tensors["forest.\(part)"])
        var values = tensor.floats
        // The first node is a root, and has children.
        values[0] = value
        fixture.tensors["forest.\(part)"] = Tensor(name: tensor.name, shape: tensor.shape, elements: .single(values))
        let found = try refusal(fixture)
        #expect(found.contains(sentence) && found.contains("forest."))
    }

    @Test("survive damage to every number of a forest: they load and answer, or are refused")
    func forestMutations() throws {
        let fixture = try ClipFixture.head(.embeddingForest)
        var generator = SeededGenerator(9)
        let parts = ["roots", "left", "right", "features", "thresholds", "values"]
        var refused = 0
        for round in 0..<300 {
            var damaged = fixture.tensors
            let name = "forest." + parts[round % parts.count]
            guard let tensor = damaged[name] else { continue }
            var values = tensor.floats
            for _ in 0..<3 {
                let place = Int.random(in: 0..<values.count, using: &generator)
                values[place] = Float.random(in: -5..<3000, using: &generator).rounded(.down)
            }
            damaged[name] = Tensor(name: name, shape: tensor.shape, elements: .single(values))
            guard let forest = try? RandomForest("forest", inputs: 128, classes: 24, tensors: damaged) else {
                refused += 1
                continue
            }
            var outputs = [Float](repeating: 0, count: 24)
            forest.evaluate(generator.floats(128), into: &outputs)
            #expect(outputs.allSatisfy { (0...1).contains($0) })
        }
        #expect((50..<300).contains(refused))
    }

    @Test("survive damage to their header: they load, or are refused", arguments: ClipArchitecture.onEmbeddings)
    func mutations(_ architecture: ClipArchitecture) throws {
        let bytes = try ClipFixture.head(architecture).bytes()
        let header = Int(bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        var generator = SeededGenerator(5)
        for _ in 0..<40 {
            let damaged = mutated(Array(bytes[..<(8 + header)]), using: &generator) + bytes[(8 + header)...]
            _ = try? ClipModelFile(damaged, file: "damaged", among: .all)
        }
    }
}
