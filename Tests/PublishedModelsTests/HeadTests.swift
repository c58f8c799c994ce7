// The clip systems on embeddings against PyTorch and scikit-learn, and in a stream.

import ModelFixtures
import Models
import TestSupport
import Testing

@testable import PublishedModels

@Suite("Clip systems on embeddings") struct HeadTests {
    private static let patch = ClipArchitecture.patchFrames * 64

    private static func model(_ architecture: ClipArchitecture, window: Int? = nil) throws -> ClipModel {
        ClipModel(try ClipSettings(try ClipFixture.head(architecture).file(among: .all), window: window))
    }

    /// Probabilities of a whole recording, the families' behind the classes'.
    private static func afresh(_ architecture: ClipArchitecture, _ spectrum: ArraySlice<Float>) throws -> [Float] {
        let model = try model(architecture)
        _ = model.feed(spectrum)
        #expect(model.finish())
        return all(model)
    }

    private static func all(_ model: ClipModel) -> [Float] {
        let families = model.families.map { Array(UnsafeBufferPointer(start: $0, count: 8)) } ?? []
        return model.current.map(\.probability) + families
    }

    @Test(
        "give what PyTorch gives to a hundred-thousandth, families too", arguments: ClipArchitecture.onEmbeddings)
    func parity(_ architecture: ClipArchitecture) throws {
        let expected = try NumpyArray(contentsOf: GoldenFile.path("clip_heads_\(architecture.name).npy")).values
        let found = try Self.afresh(architecture, try ClipFixture.headSpectrum()[...])
        #expect(found.count == (architecture.hasFamilies ? 32 : 24))
        #expect(found.count == expected.count)
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < (architecture == .embeddingForest ? 1e-7 : 1e-5), "differs by \(worst)")
    }

    @Test(
        "a window that moves has the tags of the whole window computed afresh",
        arguments: ClipArchitecture.onEmbeddings.filter { !$0.hasFixedWindow })
    func sliding(_ architecture: ClipArchitecture) throws {
        let spectrum = try ClipFixture.headSpectrum()
        let model = try Self.model(architecture, window: 3)
        var count = 0
        for end in 1...10 {
            let part = spectrum[(end - 1) * Self.patch..<end * Self.patch]
            let before = model.feed(part)
            #expect(before.count == (end > 1 ? 1 : 0))
            guard end > 1 else { continue }
            // The tags of a patch come while the next is heard.
            let last = end - 1
            let whole = try Self.afresh(architecture, spectrum[max(0, last - 3) * Self.patch..<last * Self.patch])
            #expect(zip(Self.all(model), whole).allSatisfy { abs($0 - $1) < 1e-5 })
            count += 1
        }
        #expect(count == 9)
    }

    @Test("a patch that is shed is missing from the window and from nothing else")
    func shedding() throws {
        let spectrum = try ClipFixture.headSpectrum()
        let model = try Self.model(.embeddingRecurrent, window: 3)
        _ = model.feed(spectrum[..<(3 * Self.patch)])
        // The third patch is given up and the fourth not begun.
        _ = model.feed(spectrum[3 * Self.patch..<4 * Self.patch], shedding: true)
        _ = model.feed(spectrum[4 * Self.patch..<5 * Self.patch])
        #expect(model.finish())
        let alone = try Self.afresh(.embeddingRecurrent, spectrum[4 * Self.patch..<5 * Self.patch])
        #expect(zip(Self.all(model), alone).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect((model.firstPatch, model.lastPatch) == (2, 4))
    }

    @Test("the model that takes all patches at once has tags only while the window is full")
    func fixedWindow() throws {
        let spectrum = try ClipFixture.headSpectrum()
        let model = try Self.model(.embeddingDense)
        #expect(model.feed(spectrum[...]).isEmpty)
        #expect(model.finish())
        #expect(model.feed(spectrum[..<Self.patch]).isEmpty)
        #expect(model.feed(spectrum[Self.patch..<2 * Self.patch], shedding: true).isEmpty)
        #expect(model.feed(spectrum[(2 * Self.patch)...]).isEmpty)
        #expect(!model.finish())
    }

    @Test("after a reset everything is as at the beginning", arguments: ClipArchitecture.onEmbeddings)
    func reset(_ architecture: ClipArchitecture) throws {
        let spectrum = try ClipFixture.headSpectrum()
        let model = try Self.model(architecture)
        _ = model.feed(spectrum[...])
        _ = model.finish()
        let first = Self.all(model)
        model.reset()
        _ = model.feed(spectrum[...])
        #expect(model.finish())
        #expect(Self.all(model) == first)
    }

    @Test("attention is told as the middle of the patch where it lay, and only where there is attention")
    func focus() throws {
        for architecture in ClipArchitecture.onEmbeddings {
            let model = try Self.model(architecture)
            _ = model.feed(try ClipFixture.headSpectrum()[...])
            _ = model.finish()
            let attends = architecture == .embeddingAttention || architecture.hasFamilies
            #expect(model.current.allSatisfy { ($0.focus != nil) == attends })
            for tag in model.current {
                guard let focus = tag.focus else { continue }
                #expect(focus.row == nil)
                #expect((0..<10).map { 6 * $0 + 3 }.contains(focus.column))
            }
        }
    }

    @Test("the learnt attention of the families sums to one")
    func familyAttention() throws {
        let file = try ClipFixture.head(.hierarchyByAttention).file(among: .all)
        let built = try #require(file.network as? PatchClipNetwork)
        let head = try #require(built.head as? EmbeddingHead)
        let network = try #require(head.weights.network(window: 2) as? EmbeddingHierarchy)
        var generator = SeededGenerator(2)
        var outputs = [Float](repeating: 0, count: 32)
        network.evaluate(generator.floats(256), count: 2, into: &outputs)
        let rows = try #require(network.attention)
        #expect(rows.count == 8 * 24)
        for family in 0..<8 {
            #expect(abs(rows[24 * family..<24 * (family + 1)].reduce(0, +) - 1) < 1e-5)
        }
    }
}
