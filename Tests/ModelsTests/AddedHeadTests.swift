// What docs/adding.md says of clip heads, done: one that says how far each patch's first number is from zero.

import ModelFixtures
import NeuralNetwork
import Testing

@testable import Models

extension ClipArchitecture {
    fileprivate static let first = ClipArchitecture("first", hasFixedWindow: true) {
        (description, tensors) throws(NetworkError) in
        let patches = try PatchWeights(.apart, width: description.width ?? 0, tensors: tensors)
        let gain = try tensors.require("first.gain", shape: [description.classes.count]).floats
        return PatchClipNetwork(patches, FirstHead(gain: gain))
    }
}

private struct FirstHead: ClipHead {
    let gain: [Float]

    func pooling(_ settings: ClipSettings) -> any ClipPooling { FirstPooling(gain: gain) }
    func multiplyAdds(window: Int) -> Int { gain.count }
}

private final class FirstPooling: ClipPooling {
    private let gain: [Float]
    private var newest: Float?

    init(gain: [Float]) { self.gain = gain }

    func append(_ instances: UnsafePointer<Float>) { newest = abs(instances[0]) }
    func skip() { newest = nil }
    func reset() { newest = nil }

    func evaluate(into tags: UnsafeMutablePointer<ClipTag>) -> Bool {
        guard let newest else { return false }
        for index in gain.indices { tags[index] = ClipTag(probability: min(1, gain[index] * newest), focus: nil) }
        return true
    }
}

@Suite("A clip head that was added") struct AddedHeadTests {
    private static let all = [ClipArchitecture].shipped + [.first]

    private static func fixture() -> ClipFixture {
        var fixture = ClipFixture.random(.first, classifierInputs: 128, hasAttention: false)
        fixture.tensors["first.gain"] = Tensor(name: "first.gain", shape: [2], elements: .single([0.25, 0.5]))
        return fixture
    }

    @Test("is read, checked and run like all others") func run() throws {
        let file = try Self.fixture().file(among: Self.all)
        #expect(file.architecture == .first)
        #expect(throws: ModelError.self) { try ClipSettings(file, window: 4) }
        let model = ClipModel(try ClipSettings(file))
        let found = model.feed(ClipFixture.spectrum(patches: 3)[...])
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.tags[0].probability > 0 })
        #expect(found.allSatisfy { $0.tags[1].probability == min(1, 2 * $0.tags[0].probability) })
    }

    @Test("is unknown to programs whose table lacks it, and lacks no tensor unsaid") func refusals() throws {
        func refusal(_ fixture: ClipFixture, _ table: [ClipArchitecture]) -> String {
            do {
                _ = try fixture.file(among: table)
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(
            refusal(Self.fixture(), .shipped).contains("the architecture 'first' is unknown; expected one of 'att_tf'"))
        var fixture = Self.fixture()
        fixture.tensors["first.gain"] = nil
        #expect(refusal(fixture, Self.all).contains("'first.gain' of shape [2] is missing"))
    }
}
