// The systems that look in glimpses against PyTorch: what they say, and where they look.

import ModelFixtures
import Models
import NeuralNetwork
import TestSupport
import Testing

@testable import PublishedModels

@Suite("Glimpse networks") struct GlimpseNetworkTests {
    /// The order of the golden arrays.
    static let architectures: [ClipArchitecture] = [.sightreader, .squareRecurrent, .squareGated]

    private static func fixture(_ architecture: ClipArchitecture) throws -> ClipFixture {
        try ClipFixture(contentsOf: GoldenFile.path("\(architecture.name).safetensors"), among: .all)
    }

    /// What a model says whenever a window is complete, and where it looked.
    private func looks(_ model: ClipModel, _ spectrum: [Float]) -> [(frames: Int, tags: [ClipTag], path: [Glimpse])] {
        var found: [(Int, [ClipTag], [Glimpse])] = []
        spectrum.withUnsafeBufferPointer { values in
            guard let start = values.baseAddress else { return }
            for frame in 0..<values.count / 64 where model.process(start + 64 * frame) {
                found.append((frame + 1, model.current, model.path.map(Array.init) ?? []))
            }
        }
        if model.finish() { found.append((spectrum.count / 64, model.current, model.path.map(Array.init) ?? [])) }
        return found
    }

    @Test("look where PyTorch looks and say what it says, to a hundred-thousandth", arguments: architectures)
    func parity(_ architecture: ClipArchitecture) throws {
        let row = try #require(Self.architectures.firstIndex(of: architecture))
        let input = try NumpyArray(contentsOf: GoldenFile.path("clip_tiny_in.npy")).values
        let expected = try NumpyArray(contentsOf: GoldenFile.path("glimpses_out.npy")).values
        let path = try NumpyArray(contentsOf: GoldenFile.path("glimpses_path.npy")).values
        let file = try ClipModelFile(contentsOf: GoldenFile.path("\(architecture.name).safetensors"), among: .all)
        let found = looks(ClipModel(try ClipSettings(file)), input)
        #expect(found.count == 1)
        let look = try #require(found.first)
        for (index, tag) in look.tags.enumerated() {
            #expect(abs(tag.probability - expected[2 * row + index]) < 1e-5)
            #expect(tag.focus == nil)
        }
        #expect(look.path.count == 16)
        for (index, glimpse) in look.path.enumerated() {
            let place = 2 * (16 * row + index)
            #expect(glimpse == Glimpse(frame: Int(path[place]), band: Int(path[place + 1])))
        }
    }

    @Test("say the same of a window whatever they heard before it", arguments: architectures)
    func memory(_ architecture: ClipArchitecture) throws {
        let file = try Self.fixture(architecture).file(among: .all)
        let spectrum = ClipFixture.spectrum(patches: 5)
        let moving = looks(ClipModel(try ClipSettings(file)), spectrum)
        #expect(moving.map(\.frames) == [3 * 96 + 16, 4 * 96 + 16, 5 * 96])
        #expect(moving[0].tags != moving[1].tags)
        for (first, look) in moving.enumerated() {
            let window = Array(spectrum[first * 96 * 64..<(first + 3) * 96 * 64])
            let afresh = try #require(looks(ClipModel(try ClipSettings(file)), window).first)
            #expect(look.tags == afresh.tags)
            #expect(look.path == afresh.path)
        }
    }

    @Test("keep within the window, even where weights overflow")
    func overflow() throws {
        var fixture = try Self.fixture(.squareRecurrent)
        for (name, shape) in [("core.weight_hh_l0", [8, 8]), ("next.weight", [2, 8])] {
            let values = (0..<shape.reduce(1, *)).map { Float($0 % 2 == 0 ? 3e38 : -3e38) }
            fixture.tensors[name] = Tensor(name: name, shape: shape, elements: .single(values))
        }
        let found = looks(ClipModel(try ClipSettings(try fixture.file(among: .all))), ClipFixture.spectrum(patches: 3))
        #expect(found.count == 1)
        for glimpse in found.flatMap(\.path) {
            #expect((0..<3 * 96).contains(glimpse.frame) && (0..<64).contains(glimpse.band))
        }
    }

    @Test("count their arithmetic as the training side does")
    func cost() throws {
        // training/tests/test_glimpses.py holds the same numbers.
        let found = try Self.architectures.map { try Self.fixture($0).file(among: .all).multiplyAdds }
        #expect(found == [52_304, 12_176, 16_272])
    }

    @Test("other systems have no path")
    func none() throws {
        #expect(ClipModel(try ClipSettings(try ClipFixture.random().file(among: .all))).path == nil)
    }

    @Test("of another geometry are refused with the tensor and the shape that was expected")
    func geometry() throws {
        func refusal(_ architecture: ClipArchitecture, _ change: (inout ClipFixture) -> Void) throws -> String {
            var fixture = try Self.fixture(architecture)
            change(&fixture)
            let bytes = try fixture.bytes()
            do throws(ModelError) {
                _ = try ClipModelFile(bytes, file: "m.safetensors", among: .all)
            } catch {
                return "\(error)"
            }
            return "none"
        }
        #expect(try refusal(.sightreader) { _ in } == "none")
        #expect(
            try refusal(.sightreader) { $0.description.architecture = "ram_gru" }
                == "m.safetensors: The tensor 'sensor.weight' has shape [4, 707] and the description requires [4, 144]."
        )
        #expect(try refusal(.squareRecurrent) { $0.description.architecture = "ram_gru" }.contains("requires [24, 8]"))
        #expect(try refusal(.sightreader) { $0.description.width = 16 }.contains("requires [8, 707]"))
        #expect(try refusal(.sightreader) { $0.description.width = 7 }.contains("'width' is 7, and must be even"))
        #expect(try refusal(.sightreader) { $0.description.width = nil }.contains("'width' is missing"))
        #expect(
            try refusal(.squareGated) { $0.tensors["core.weight_hh_l0"] = nil }
                .contains("'core.weight_hh_l0' of shape [24, 8] is missing"))
        #expect(
            try refusal(.squareGated) {
                $0.description.classes = [.piano, .violin, .voice]
                $0.description.thresholds = [0.5, 0.5, 0.5]
            }.contains("'classifier.weight' has shape [2, 8] and the description requires [3, 8]"))
    }

    @Test("have the window they were trained for, and no running form")
    func windows() throws {
        let file = try Self.fixture(.sightreader).file(among: .all)
        #expect(throws: ModelError.self) { try ClipSettings(file, window: 4) }
        #expect(throws: ModelError.self) { try ClipSettings(file, form: .running) }
    }

    @Test("survive damage to their files: they load, or are refused", arguments: architectures)
    func mutations(_ architecture: ClipArchitecture) throws {
        let bytes = try Self.fixture(architecture).bytes()
        let header = Int(bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        var generator = SeededGenerator(6)
        for _ in 0..<200 {
            let damaged = mutated(Array(bytes[..<(8 + header)]), using: &generator) + bytes[(8 + header)...]
            _ = try? ClipModelFile(damaged, file: "damaged", among: .all)
        }
    }
}
