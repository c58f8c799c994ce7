// The clip models against PyTorch, and the sliding window against the window computed afresh.

import Foundation
import ModelFixtures
import TestSupport
import Testing

@testable import Models

@Suite("Clip models") struct ClipModelTests {
    /// The order of clip_tiny_out.npy.
    private static let parityRows: [ClipArchitecture] = [.attention, .attentionWithRow, .attentionOverTime]
    private static let patch = ClipArchitecture.patchFrames * 64

    /// Tags of a whole recording, whose patches all lie in one window.
    private static func afresh(_ file: ClipModelFile, _ spectrum: ArraySlice<Float>) throws -> [ClipTag] {
        let model = ClipModel(try ClipSettings(file, window: spectrum.count / patch))
        _ = model.feed(spectrum)
        #expect(model.finish())
        return model.current
    }

    @Test("give what PyTorch gives, in every form, to a hundred-thousandth", arguments: parityRows)
    func parity(_ architecture: ClipArchitecture) throws {
        let input = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_in.npy"))
        let output = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_out.npy"))
        let row = Self.parityRows.firstIndex(of: architecture) ?? 0
        let tags = try Self.afresh(try ClipFixture.golden(architecture).file(), input.values[...])
        for (index, tag) in tags.enumerated() {
            #expect(abs(tag.probability - output.values[2 * row + index]) < 1e-5)
        }
    }

    @Test("a window that moves patch by patch has the tags of the whole window computed afresh")
    func sliding() throws {
        let file = try ClipFixture.random(width: 2).file()
        let spectrum = ClipFixture.spectrum(patches: 7)
        let model = ClipModel(try ClipSettings(file))
        var found = model.feed(spectrum[...]).map(\.tags)
        #expect(model.finish())
        found.append(model.current)
        #expect(found.count == 7)
        #expect((model.firstPatch, model.lastPatch) == (4, 6))
        for (last, tags) in found.enumerated() {
            let first = max(0, last - 2)
            let whole = try Self.afresh(file, spectrum[first * Self.patch..<(last + 1) * Self.patch])
            for (tag, expected) in zip(tags, whole) {
                #expect(abs(tag.probability - expected.probability) < 1e-5)
                #expect(tag.focus?.row == expected.focus?.row)
                #expect(tag.focus?.column == expected.focus.map { $0.column + first * ClipArchitecture.columns })
            }
        }
    }

    @Test("tags come a fixed number of frames after each patch, and at the interval that was asked for")
    func delay() throws {
        let file = try ClipFixture.random().file()
        let spectrum = ClipFixture.spectrum(patches: 5)
        let model = ClipModel(try ClipSettings(file))
        #expect((1...96).contains(model.delayFrames))
        #expect(model.feed(spectrum[...]).map(\.frames) == (1...4).map { 96 * $0 + model.delayFrames })
        let slow = ClipModel(try ClipSettings(file, interval: 2))
        #expect(slow.feed(spectrum[...]).map(\.frames) == [2, 4].map { 96 * $0 + slow.delayFrames })
    }

    @Test("the running form is the quotient of two sums with forgetting")
    func running() throws {
        let file = try ClipFixture.random().file()
        let spectrum = ClipFixture.spectrum(patches: 4)
        let model = ClipModel(try ClipSettings(file, form: .running))
        let found = model.feed(spectrum[...]).map(\.tags)
        let built = try #require(file.network as? PatchClipNetwork)
        let pooling = try #require(built.head as? AttentionHead).layers
        let network = PatchNetwork(built.patches)
        var (numerators, denominators): ([Double], [Double]) = ([0, 0], [0, 0])
        for (patch, tags) in found.enumerated() {
            spectrum.withUnsafeBufferPointer { values in
                guard let start = values.baseAddress else { return }
                network.load(start + patch * Self.patch)
                for step in 0..<network.stepCount { network.step(step) }
            }
            var (counts, opinions) = ([Float](repeating: 0, count: 48), [Float](repeating: 0, count: 48))
            pooling.measure(network.instances, count: 24, weights: &counts, opinions: &opinions)
            for name in 0..<2 {
                numerators[name] *= exp(-1 / 3)
                denominators[name] *= exp(-1 / 3)
                for instance in 0..<24 {
                    numerators[name] += Double(counts[2 * instance + name] * opinions[2 * instance + name])
                    denominators[name] += Double(counts[2 * instance + name])
                }
                #expect(abs(Double(tags[name].probability) - numerators[name] / denominators[name]) < 1e-5)
            }
        }
    }

    @Test("a patch that is shed is missing from the window and from nothing else")
    func shedding() throws {
        let file = try ClipFixture.random(width: 2).file()
        let spectrum = ClipFixture.spectrum(patches: 3)
        let model = ClipModel(try ClipSettings(file))
        #expect(model.feed(spectrum[..<Self.patch]).isEmpty)
        // The first patch is being computed when the machine falls behind; the second comes to its end meanwhile.
        #expect(model.feed(spectrum[Self.patch..<2 * Self.patch], shedding: true).isEmpty)
        #expect(model.feed(spectrum[(2 * Self.patch)...]).isEmpty)
        #expect(model.finish())
        let alone = try Self.afresh(file, spectrum[(2 * Self.patch)...])
        for (tag, expected) in zip(model.current, alone) { #expect(tag.probability == expected.probability) }
        #expect(model.current.first?.focus.map { $0.column / ClipArchitecture.columns } == 2)
    }

    @Test("after a reset everything is as at the beginning")
    func reset() throws {
        let file = try ClipFixture.random().file()
        let spectrum = ClipFixture.spectrum(patches: 3)
        let model = ClipModel(try ClipSettings(file))
        let first = model.feed(spectrum[...])
        model.reset()
        let second = model.feed(spectrum[...])
        #expect(first.map(\.frames) == second.map(\.frames))
        #expect(first.map(\.tags) == second.map(\.tags))
    }
}
