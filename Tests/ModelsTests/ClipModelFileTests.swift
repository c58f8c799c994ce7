// Files of clip models that are refused, and why.

import ModelFixtures
import NeuralNetwork
import TestSupport
import Testing

@testable import Models

@Suite("Clip model files") struct ClipModelFileTests {
    private func refusal(_ fixture: ClipFixture, text: String? = nil) throws -> String {
        let bytes = try fixture.bytes(text: text)
        do throws(ModelError) {
            _ = try ClipModelFile(bytes, file: "m.safetensors")
        } catch {
            return "\(error)"
        }
        return "none"
    }

    @Test("say what they are") func golden() throws {
        let file = try ClipModelFile(contentsOf: GoldenFile.path("clip_tiny.safetensors"))
        #expect(file.architecture == .attentionWithRow)
        #expect(file.description.classes == [.piano, .violin])
        #expect(file.sha256.count == 64)
    }

    @Test("of another geometry are refused with the tensor and the shape that was expected") func geometry() throws {
        var fixture = ClipFixture.random()
        fixture.description.width = 2
        #expect(
            try refusal(fixture)
                == "m.safetensors: The tensor 'stack.0.weight' has shape [1, 1, 3, 3] and the description requires [2, 1, 3, 3]."
        )
        fixture = ClipFixture.random()
        fixture.tensors["segments.weight"] = nil
        #expect(try refusal(fixture).contains("'segments.weight' of shape [4, 64, 8] is missing"))
        fixture = ClipFixture.random()
        fixture.description.classes = [.piano, .violin, .voice]
        fixture.description.thresholds = [0.5, 0.5, 0.5]
        #expect(
            try refusal(fixture).contains("'attention.weight' has shape [2, 128] and the description requires [3, 128]")
        )
        fixture = ClipFixture.random()
        fixture.description.architecture = "att_tf_id"
        #expect(try refusal(fixture).contains("requires [2, 132]"))
    }

    @Test(
        "that contradict themselves are refused with a sentence",
        arguments: [
            ("\"clip\"", "\"frame\"", "m.safetensors is a frame model: name it under [model]."),
            ("\"clip\"", "\"beat\"", "the task 'beat' is unknown; expected 'frame' or 'clip'"),
            ("vggish_log_mel", "mfcc", "the front end 'mfcc' is unknown"),
            ("\"width\":1", "\"width\":0", "'width' is 0, outside 1...256"),
            ("\"window_patches\":3", "\"window_patches\":65", "'window_patches' is 65, outside 1...64"),
            ("\"violin\"", "\"piano\"", "duplicate class 'piano'"),
            ("\"violin\"", "\"kazoo\"", "kazoo"),
            ("\"att_tf\"", "\"glimpses\"", "'glimpses' is unknown; expected one of 'att_tf', 'att_tf_id', 'att_t'"),
            ("\"att_tf\"", "3", "architecture"),
        ])
    func contradictions(_ old: String, _ new: String, _ sentence: String) throws {
        let fixture = ClipFixture.random()
        #expect(try refusal(fixture, text: try fixture.text().replacing(old, with: new)).contains(sentence))
    }

    @Test("are refused for windows they cannot have") func windows() throws {
        func refusal(_ fixture: ClipFixture, window: Int?, form: ClipSettings.Form = .sliding) throws -> String {
            let file = try fixture.file()
            do throws(ModelError) {
                _ = try ClipSettings(file, window: window, form: form)
            } catch {
                return "\(error)"
            }
            return "none"
        }
        #expect(try refusal(.random(), window: 64) == "none")
        #expect(
            try refusal(.random(), window: 65).contains("65 patches are requested, and the buffer holds at most 64"))
    }

    @Test("survive damage: they load, or are refused") func mutations() throws {
        let bytes = try ClipFixture.random().bytes()
        let header = Int(bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        var generator = SeededGenerator(5)
        for _ in 0..<400 {
            let damaged = mutated(Array(bytes[..<(8 + header)]), using: &generator) + bytes[(8 + header)...]
            _ = try? ClipModelFile(damaged, file: "damaged")
        }
    }
}
